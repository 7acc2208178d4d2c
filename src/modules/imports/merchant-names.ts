/**
 * Which partner a merchant string of the feed means.
 *
 * Patterns match the whole name, so "bp *" is BP's stations and never "bpmaintenance ltd". Case and runs of
 * spaces do not count; * stands for any characters. Among several the first in the mapping's order wins.
 */
import type { MappedPartner } from './mapping-shape.js';

export interface NamedOutlet {
  readonly partnerCode: string;
  readonly outletCode: string;
}

/** Files repeat few names; the bound keeps a file of unique names from filling the memory. */
const REMEMBERED = 100_000;

export class MerchantNames {
  private readonly exact = new Map<string, { outlet: NamedOutlet; rank: number }>();
  private readonly patterns: { readonly matches: RegExp; readonly outlet: NamedOutlet; readonly rank: number }[] = [];
  private readonly remembered = new Map<string, NamedOutlet | null>();

  constructor(partners: readonly MappedPartner[]) {
    for (const [rank, { code, outlet, names }] of partners.entries()) {
      if (outlet === undefined) continue;
      const named = { partnerCode: code, outletCode: outlet.code };
      for (const pattern of names ?? []) {
        const plain = normalise(pattern);
        if (plain.includes('*')) this.patterns.push({ matches: wholeName(plain), outlet: named, rank });
        else this.exact.set(plain, { outlet: named, rank });
      }
    }
  }

  /** The outlet a merchant string is booked at; undefined for merchants that are no partners. */
  outletOf(name: string): NamedOutlet | undefined {
    const known = this.remembered.get(name);
    if (known !== undefined) return known ?? undefined;
    const found = this.find(normalise(name));
    if (this.remembered.size >= REMEMBERED) this.remembered.clear();
    this.remembered.set(name, found ?? null);
    return found;
  }

  private find(name: string): NamedOutlet | undefined {
    const exact = this.exact.get(name);
    const pattern = this.patterns.find(({ matches }) => matches.test(name));
    if (exact === undefined) return pattern?.outlet;
    return pattern === undefined || exact.rank <= pattern.rank ? exact.outlet : pattern.outlet;
  }
}

const normalise = (name: string): string => name.trim().replace(/\s+/g, ' ').toLowerCase();

const wholeName = (pattern: string): RegExp => new RegExp(`^${pattern.split(/\*+/).map(escaped).join('.*')}$`, 's');

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
