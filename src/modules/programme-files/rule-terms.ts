/** Earning rules of a programme file, from its words to those of the engine. */
import type {
  Conditions,
  EarningRule,
  Effect,
  Funding,
  RewardBase,
  RewardRounding,
} from '../../domain/earning/model.js';
import { BASE } from '../../domain/earning/rules/tier-category-matrix.js';
import { addDays } from '../../domain/kernel/calendar.js';
import { compareRates, ONE } from '../../domain/money/rate.js';
import type { YamlPath } from '../../infrastructure/yaml.js';
import { checkCampaign, conditionsOf, inCapitals } from './condition-terms.js';
import { checkKnown, type FileCheck, present } from './file-check.js';
import type { ProgrammeFile } from './programme-schema.js';
import type { FileBase, FileRounding, FileRule } from './rule-schema.js';

export function rulesOf(check: FileCheck): EarningRule[] {
  const { rules } = check.file;
  check.unique(
    'rule',
    rules.map(({ code }) => code),
    (index) => ['rules', index, 'code'],
  );
  return rules.map((rule, index) => ruleOf(rule, ['rules', index], check));
}

export const baseOf = (base: FileBase): RewardBase => (base === 'GROSS' ? { without: [] } : base);

export function roundingOf(rounding: FileRounding, path: YamlPath, check: FileCheck): RewardRounding {
  if (typeof rounding === 'string') return { mode: rounding, step: 1n, per: 'RULE' };
  const { mode, step, per, spend } = rounding;
  const positive = (value: bigint, at: YamlPath): bigint => {
    if (value === 0n) check.report(at, 'Rounding to multiples of nothing leaves nothing; write a step above zero.');
    return value;
  };
  return present({
    mode,
    step: step === undefined ? 1n : positive(check.units(step, [...path, 'step']), [...path, 'step']),
    per,
    spend:
      spend === undefined
        ? undefined
        : {
            toMinor: positive(check.money(spend.to, [...path, 'spend', 'to']), [...path, 'spend', 'to']),
            mode: spend.mode,
          },
  });
}

function ruleOf(rule: FileRule, path: YamlPath, check: FileCheck): EarningRule {
  const { code, name, base, rounding, group, accumulate } = rule;
  if (group !== undefined) check.known('group', group, [...path, 'group']);
  if (accumulate !== undefined) {
    checkCampaign(accumulate, rule.when.from, [...path, 'accumulate'], check);
    if (ACCUMULATING.every((effect) => rule[effect] === undefined))
      check.report(
        [...path, 'accumulate'],
        `Only an effect of the spend accumulates: ${ACCUMULATING.join(', ')}; remove this.`,
      );
  }
  const { windDown } = check.file;
  if (windDown !== undefined && rule.when.from !== undefined && rule.when.from >= windDown.earningEnds)
    check.report([...path, 'when', 'from'], `Earning ends on ${windDown.earningEnds}; this rule would never hold.`);
  if (rule.when.action !== undefined && rule.fixed === undefined)
    check.report(path, 'An action has no amount to reward; write "fixed", so many units.');
  return present({
    code,
    name,
    funding: fundingOf(rule.funding),
    when: beforeEnd(conditionsOf(rule.when, [...path, 'when'], check), check.file),
    base: base === undefined ? undefined : baseOf(base),
    rounding: rounding === undefined ? undefined : roundingOf(rounding, [...path, 'rounding'], check),
    group,
    accumulate: accumulate === undefined ? undefined : inCapitals(accumulate),
    effect: effectOf(rule, path, check),
  });
}

/** A programme that winds down earns until the day before; every rule says so by itself. */
function beforeEnd(when: Conditions, { windDown }: ProgrammeFile): Conditions {
  if (windDown === undefined) return when;
  const last = addDays(windDown.earningEnds, -1);
  return when.until !== undefined && when.until <= last ? when : { ...when, until: last };
}

const ACCUMULATING = ['rate', 'step', 'bands', 'matrix'] as const;
const ROLES = ['MERCHANT', 'ISSUER', 'PROGRAMME'] as const;

function fundingOf(funding: FileRule['funding']): Funding {
  if (typeof funding === 'string') return { by: 'CONTRACT', of: funding };
  const shares = ROLES.flatMap((party) => {
    const share = funding[party];
    return share === undefined ? [] : [{ party, share }];
  });
  return { by: 'SPLIT', shares };
}

/** Exactly one effect is written; the schema has seen to that. */
function effectOf(rule: FileRule, path: YamlPath, check: FileCheck): Effect {
  const { rate, step, fixed, perItem } = rule;
  const units = (value: string, ...field: string[]): bigint => {
    const found = check.units(value, [...path, ...field]);
    if (/^[0.]+$/.test(value)) check.report([...path, ...field], 'A rule that gives nothing is no rule; remove it.');
    return found;
  };
  if (rate !== undefined) return { kind: 'RATE', rate };
  if (step !== undefined) {
    const everyMinor = check.money(step.every, [...path, 'step', 'every']);
    if (/^[0.]+$/.test(step.every))
      check.report([...path, 'step', 'every'], 'Units per nothing spent have no end; write an amount above zero.');
    return { kind: 'STEP', units: units(step.units, 'step', 'units'), everyMinor };
  }
  if (fixed !== undefined) return { kind: 'FIXED', units: units(fixed, 'fixed') };
  if (perItem !== undefined) return { kind: 'PER_ITEM', units: units(perItem, 'perItem') };
  return multiplierOf(rule, path, check) ?? bandsOf(rule, path, check) ?? matrixOf(rule, path, check);
}

function multiplierOf({ code, group, multiply }: FileRule, path: YamlPath, check: FileCheck): Effect | undefined {
  if (multiply === undefined) return undefined;
  const at = [...path, 'multiply'];
  const { rules, groups } = check.file;
  check.known('rule', multiply.rule, [...at, 'rule']);
  const of = rules.find((each) => each.code === multiply.rule);
  if (multiply.rule === code) check.report([...at, 'rule'], 'A rule cannot multiply itself; name another one.');
  else if (of?.multiply !== undefined)
    check.report(
      [...at, 'rule'],
      `"${of.code}" is a multiplier itself; name "${of.multiply.rule}" here, and put both into one MULTIPLICATIVE group.`,
    );
  else if (of?.when.action !== undefined)
    check.report([...at, 'rule'], `"${of.code}" rewards an action; only what purchases earn is multiplied.`);
  const mode = group === undefined ? undefined : groups[group]?.mode;
  if (multiply.pays === 'BONUS' && compareRates(multiply.by, ONE) <= 0)
    check.report([...at, 'by'], 'A bonus is what lies above one time; write more than 1.');
  if (multiply.pays === 'WHOLE' && mode !== 'BEST_OF' && mode !== 'EXCLUSIVE')
    check.report(
      [...at, 'pays'],
      'WHOLE replaces the rule it multiplies, so both must compete: put this rule into a BEST_OF or EXCLUSIVE group, or write BONUS.',
    );
  return { kind: 'MULTIPLIER', of: multiply.rule, by: multiply.by, pays: multiply.pays };
}

function bandsOf({ bands }: FileRule, path: YamlPath, check: FileCheck): Effect | undefined {
  if (bands === undefined) return undefined;
  let below = 0n;
  const result = bands.map(({ upTo, rate }, index) => {
    const at = [...path, 'bands', index, 'upTo'];
    const last = index === bands.length - 1;
    if (upTo === undefined) {
      if (!last) check.report([...path, 'bands', index], 'Only the last band has no end; write "upTo" here.');
      return { rate };
    }
    const uptoMinor = check.money(upTo, at);
    if (last) check.report(at, 'The last band has no end; remove "upTo", or add a band such as { rate: 0 } after it.');
    else if (uptoMinor <= below) check.report(at, 'A band ends above the one before it; put them in rising order.');
    below = uptoMinor;
    return { uptoMinor, rate };
  });
  return { kind: 'BANDS', bands: result };
}

function matrixOf({ matrix = {} }: FileRule, path: YamlPath, check: FileCheck): Effect {
  const at = [...path, 'matrix'];
  for (const { code } of check.file.tiers.levels) {
    if (matrix[code] === undefined)
      check.report(at, `The tier "${code}" has no row; write "${code}: {}" if it earns nothing here.`);
  }
  for (const [tier, row] of Object.entries(matrix)) {
    check.known('tier', tier, [...at, tier]);
    for (const category of Object.keys(row))
      checkKnown('category', category, [BASE, ...check.namesOf('category')], [...at, tier, category], check.report);
  }
  return { kind: 'TIER_CATEGORY_MATRIX', rates: matrix };
}
