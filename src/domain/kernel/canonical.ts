/**
 * One text per value: what hashes of bodies, keys and stored payloads are computed over.
 *
 * Object keys are sorted by UTF-16 code unit, nothing is spaced, absent and undefined properties are the
 * same, bigint and Date become strings. Reading the text back (also through a jsonb column) and writing it
 * again gives the same text, so that a stored payload can be checked against its hash years later.
 */
import { hash } from 'node:crypto';

/** Canonical JSON of a value. Throws TypeError for what JSON cannot hold (functions, NaN, infinities). */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'bigint') return `"${value}"`;
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object') throw new TypeError(`Not a JSON value: ${typeof value}`);
  const record = value as Record<string, unknown>;
  const members = Object.keys(record)
    .filter((key) => record[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(record[key])}`);
  return `{${members.join(',')}}`;
}

/** SHA-256 (32 bytes) of a canonical text. */
export const textDigest = (canonical: string): Buffer => hash('sha256', canonical, 'buffer');

/** SHA-256 of the canonical JSON, 32 bytes. */
export const canonicalDigest = (value: unknown): Buffer => textDigest(canonicalJson(value));
