/** The conditions of a rule, from the words of the file to those of the engine. */
import type { AmountBound, Conditions, Period, Progress } from '../../domain/earning/model.js';
import type { YamlPath } from '../../infrastructure/yaml.js';
import { type FileConditions, WEEKDAYS } from './condition-schema.js';
import { daysOf, type FileCheck, present } from './file-check.js';

export const inCapitals = <Word extends string>(word: Word): Uppercase<Word> => word.toUpperCase() as Uppercase<Word>;

const A_CAMPAIGN_BEGINS = 'A campaign counts from its first day; write "from", or "per: lifetime".';

/** A campaign without a first day would be a lifetime under another name. */
export function checkCampaign(per: string, from: string | undefined, path: YamlPath, check: FileCheck): void {
  if (per === 'campaign' && from === undefined) check.report(path, A_CAMPAIGN_BEGINS);
}

export function conditionsOf(when: FileConditions, path: YamlPath, check: FileCheck): Conditions {
  checkNames(when, path, check);
  checkTogether(when, path, check);
  const { partners, outlets, issuers, cardProducts, channels, categories, tags, tiers, segments } = when;
  const { minimumItems, days, hours, clock, activation, chosen, birthday, action, experiment } = when;
  return present({
    ...daysOf(when),
    ...{ partners, outlets, issuers, cardProducts, channels, categories, tags, tiers, segments },
    ...boundsOf(when, path, check),
    minimumItems,
    weekdays: days?.map((day) => WEEKDAYS.indexOf(day) + 1),
    ...{ hours, clock },
    activation: activation === undefined ? undefined : activation === 'true' ? {} : { per: inCapitals(activation.per) },
    ...{ chosen, birthday },
    reaches: progressOf(when, path, check),
    ...{ action, experiment },
  });
}

function checkNames(when: FileConditions, path: YamlPath, check: FileCheck): void {
  check.allKnown('partner', when.partners, [...path, 'partners']);
  check.allKnown('partner', when.issuers, [...path, 'issuers']);
  for (const [index, outlet] of (when.outlets ?? []).entries())
    check.known('partner', outlet.split('/')[0] as string, [...path, 'outlets', index]);
  check.allKnown('category', when.categories, [...path, 'categories']);
  check.allKnown('tier', when.tiers, [...path, 'tiers']);
  if (when.chosen !== undefined) check.known('choice', when.chosen, [...path, 'chosen']);
  if (when.experiment === undefined) return;
  const { code, variants } = when.experiment;
  check.known('experiment', code, [...path, 'experiment', 'code']);
  const known = check.file.experiments[code]?.variants;
  if (known !== undefined) check.allOf('variant', variants, Object.keys(known), [...path, 'experiment', 'variants']);
}

/** Fields that exclude each other, need each other or could never hold together. */
function checkTogether(when: FileConditions, path: YamlPath, check: FileCheck): void {
  const wrong = (field: string, message: string): void => check.report([...path, field], message);
  if (when.first !== undefined && when.reaches !== undefined)
    wrong('first', '"first" is short for a mark of one purchase; write either it or "reaches".');
  if (when.clock !== undefined && when.days === undefined && when.hours === undefined)
    wrong('clock', 'A clock matters only beside "days" or "hours"; remove it or write them.');
  if (when.days !== undefined && new Set(when.days).size < when.days.length)
    wrong('days', 'A day stands here twice; write each once.');
  for (const [index, { from, until }] of (when.hours ?? []).entries()) {
    if (from === until)
      check.report([...path, 'hours', index, 'until'], 'This window has no length; remove "hours" for the whole day.');
  }
  if (when.action === undefined) return;
  for (const field of ONLY_OF_PURCHASES) {
    if (when[field] !== undefined) wrong(field, 'An action has no amount, lines or category; remove this.');
  }
}

const ONLY_OF_PURCHASES = [
  ...(['minimum', 'above', 'maximum', 'below', 'minimumItems', 'tags', 'categories', 'chosen', 'first'] as const),
];

function boundsOf(when: FileConditions, path: YamlPath, check: FileCheck): Pick<Conditions, 'minimum' | 'maximum'> {
  const bound = (inclusive: 'minimum' | 'maximum', exclusive: 'above' | 'below'): AmountBound | undefined => {
    if (when[inclusive] !== undefined && when[exclusive] !== undefined)
      check.report([...path, exclusive], `Write either "${inclusive}" or "${exclusive}", not both.`);
    const field = when[inclusive] === undefined ? exclusive : inclusive;
    const value = when[field];
    if (value === undefined) return undefined;
    return { amountMinor: check.money(value, [...path, field]), exclusive: field === exclusive };
  };
  const minimum = bound('minimum', 'above');
  const maximum = bound('maximum', 'below');
  if (minimum !== undefined && maximum !== undefined) {
    const room = maximum.amountMinor - minimum.amountMinor;
    const least = minimum.exclusive && maximum.exclusive ? 2n : minimum.exclusive || maximum.exclusive ? 1n : 0n;
    if (room < least) {
      const field = when.maximum === undefined ? 'below' : 'maximum';
      check.report([...path, field], 'No amount is above the least and below the most; correct one of the two.');
    }
  }
  return present({ minimum, maximum });
}

function progressOf(when: FileConditions, path: YamlPath, check: FileCheck): Progress | undefined {
  const { first, reaches, from } = when;
  if (first !== undefined)
    return { metric: 'PURCHASES', per: 'LIFETIME', mark: 1n, repeats: false, atSamePartner: first === 'PARTNER' };
  if (reaches === undefined) return undefined;
  const at = [...path, 'reaches'];
  checkCampaign(reaches.per, from, [...at, 'per'], check);
  const { repeats, atSamePartner } = reaches;
  const common = { per: inCapitals(reaches.per) satisfies Period, repeats, atSamePartner };
  if (reaches.spend !== undefined) {
    const mark = check.money(reaches.spend, [...at, 'spend']);
    if (mark === 0n) check.report([...at, 'spend'], 'A mark of nothing is always reached; write an amount.');
    return { metric: 'SPEND', mark, ...common };
  }
  if (reaches.partners !== undefined) {
    if (atSamePartner)
      check.report(
        [...at, 'atSamePartner'],
        'Different partners are not counted at one partner; remove one of the two.',
      );
    return { metric: 'PARTNERS', mark: BigInt(reaches.partners), ...common };
  }
  return reaches.categories === undefined
    ? { metric: 'PURCHASES', mark: BigInt(reaches.purchases as number), ...common }
    : { metric: 'CATEGORIES', mark: BigInt(reaches.categories), ...common };
}
