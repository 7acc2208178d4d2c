/** Groups, caps, budgets, choices and experiments of a programme file, from its words to those of the engine. */
import type { Cap, CategoryChoice, Experiment, StackingGroup } from '../../domain/earning/model.js';
import type { YamlPath } from '../../infrastructure/yaml.js';
import { checkCampaign, inCapitals } from './condition-terms.js';
import { daysOf, type FileCheck, minorUnits, present } from './file-check.js';
import type { FileBudget, FileCap } from './limit-schema.js';

export function groupsOf(check: FileCheck): StackingGroup[] {
  const { groups, rules } = check.file;
  return Object.entries(groups).map(([code, { mode, priority, silences }]) => {
    const path = ['groups', code];
    check.allKnown('group', silences, [...path, 'silences']);
    if (silences !== undefined && mode !== 'EXCLUSIVE')
      check.report([...path, 'silences'], 'Only an EXCLUSIVE group silences others; change its mode or remove this.');
    for (const [index, silenced] of (silences ?? []).entries()) {
      if ((groups[silenced]?.priority ?? Number.NEGATIVE_INFINITY) >= priority)
        check.report([...path, 'silences', index], `Only a lower group is silenced; give "${code}" more priority.`);
    }
    const members = rules.filter(({ group }) => group === code);
    if (members.length === 0) check.report(path, 'No rule is in this group; name it in their "group", or remove it.');
    if (mode === 'MULTIPLICATIVE') checkFactors(members, code, check);
    return present({ code, mode, priority, silences });
  });
}

/** Factors multiply one rule together; the product of different rules would mean nothing. */
function checkFactors(members: FileCheck['file']['rules'], group: string, check: FileCheck): void {
  const first = members.find(({ multiply }) => multiply !== undefined)?.multiply?.rule;
  for (const [index, rule] of check.file.rules.entries()) {
    if (rule.group !== group) continue;
    if (rule.multiply === undefined)
      check.report(
        ['rules', index, 'group'],
        `"${group}" is MULTIPLICATIVE and holds multipliers only; leave the rule they multiply outside.`,
      );
    else if (rule.multiply.rule !== first)
      check.report(
        ['rules', index, 'multiply', 'rule'],
        `The multipliers of "${group}" multiply one rule, "${first}"; name it here, or use another group.`,
      );
  }
}

export function capsOf(check: FileCheck): Cap[] {
  const { caps, budgets } = check.file;
  const codes = [...caps, ...budgets].map(({ code }) => code);
  check.unique('cap', codes, (index) =>
    index < caps.length ? ['caps', index, 'code'] : ['budgets', index - caps.length, 'code'],
  );
  return [
    ...caps.map((cap, index) => capOf(cap, ['caps', index], check)),
    ...budgets.map((budget, index) => budgetOf(budget, ['budgets', index], check)),
  ];
}

function capOf(cap: FileCap, path: YamlPath, check: FileCheck): Cap {
  const { code, measure, of, per, max, maxShare, category, over } = cap;
  if (category !== undefined) {
    check.known('category', category, [...path, 'category']);
    if (cap.categories !== undefined)
      check.report([...path, 'category'], '"category" is short for a list of one; write only one of the two.');
  }
  checkScope(cap, path, check);
  if (maxShare !== undefined && (per !== 'transaction' || measure !== 'REWARD'))
    check.report(
      [...path, 'maxShare'],
      'A share of the purchase limits the reward of that purchase: write "per: transaction" and leave "measure" out, or write "max".',
    );
  if (maxShare?.numerator === 0n) check.report([...path, 'maxShare'], ZERO_CAP);
  const scale = { REWARD: check.unitScale, SPEND: check.moneyScale, COUNT: 0 }[measure];
  if (over !== undefined) checkOver(over, cap, path, check);
  return present({
    code,
    measure,
    holder: of,
    per: inCapitals(per),
    max: max === undefined ? 0n : positive(max, scale, ZERO_CAP, [...path, 'max'], check),
    maxShare,
    rules: cap.rules,
    groups: cap.groups,
    categories: category === undefined ? cap.categories : [category],
    over,
    refundReleases: true,
    ...daysOf(cap),
  });
}

const ZERO_CAP = 'A cap of zero forbids all reward; remove the rules instead.';
const ZERO_BUDGET = 'A budget of zero pays nothing to anybody; remove the rules instead.';

function budgetOf(budget: FileBudget, path: YamlPath, check: FileCheck): Cap {
  const { code, max, per, rules, groups, categories, refundReleases } = budget;
  checkScope(budget, path, check);
  return present({
    code,
    measure: 'REWARD' as const,
    holder: 'EVERYONE' as const,
    per: inCapitals(per),
    max: positive(max, check.unitScale, ZERO_BUDGET, [...path, 'max'], check),
    ...{ rules, groups, categories, refundReleases },
    ...daysOf(budget),
  });
}

function positive(value: string, scale: number, message: string, path: YamlPath, check: FileCheck): bigint {
  if (/^[0.]+$/.test(value)) check.report(path, message);
  return minorUnits(value, scale, path, check.report);
}

function checkScope(scope: FileCap | FileBudget, path: YamlPath, check: FileCheck): void {
  check.allKnown('rule', scope.rules, [...path, 'rules']);
  check.allKnown('group', scope.groups, [...path, 'groups']);
  check.allKnown('category', scope.categories, [...path, 'categories']);
  // A budget is for a campaign by default: then the budget itself stands for the word.
  const at = 'refundReleases' in scope && scope.per === 'campaign' ? path : [...path, 'per'];
  checkCampaign(scope.per, scope.from, at, check);
}

/** What replaces a rule above a cap must be a rule that it kept from paying below the cap. */
function checkOver(over: string, cap: FileCap, path: YamlPath, check: FileCheck): void {
  const at = [...path, 'over'];
  const { rules, groups } = check.file;
  check.known('rule', over, at);
  const replacement = rules.find(({ code }) => code === over);
  if (replacement === undefined) return;
  const { group } = replacement;
  const mode = group === undefined ? undefined : groups[group]?.mode;
  if (mode !== 'BEST_OF' && mode !== 'EXCLUSIVE') {
    check.report(at, `"${over}" pays beside the others anyway; put it and them into one BEST_OF or EXCLUSIVE group.`);
    return;
  }
  if (replacement.accumulate !== undefined || replacement.fixed !== undefined || replacement.perItem !== undefined)
    check.report(
      at,
      `"${over}" pays for spend above the cap, so it needs a rate, a step, bands or a matrix, and no "accumulate".`,
    );
  if (cap.rules?.includes(over)) check.report(at, `The cap covers "${over}" itself; take it out of "rules".`);
  const all = cap.rules === undefined && cap.groups === undefined;
  const outside = rules.find(
    (rule) =>
      rule.code !== over &&
      rule.group !== group &&
      (all || cap.rules?.includes(rule.code) || (rule.group !== undefined && cap.groups?.includes(rule.group))),
  );
  if (outside !== undefined)
    check.report(
      at,
      `"${over}" cannot replace "${outside.code}", which is not in its group "${group}"; name only rules of that group in "rules".`,
    );
}

/** Days of the longest period: a choice that closes later never does. */
const LONGEST = { month: 31, quarter: 92, year: 366 } as const;

export const choicesOf = (check: FileCheck): CategoryChoice[] =>
  Object.entries(check.file.choices).map(([code, choice]) => {
    const { name, offered, shown, pick, per, opensDaysBefore, closesOnDay, default: fallback } = choice;
    const path = ['choices', code];
    check.allOf('category', offered, Object.keys(check.file.categories), [...path, 'offered']);
    check.allOf('offered category', fallback, offered, [...path, 'default']);
    if (pick > offered.length)
      check.report([...path, 'pick'], `Only ${offered.length} are offered; offer more or let members pick fewer.`);
    if (shown !== undefined && shown < pick)
      check.report([...path, 'shown'], `Members who pick ${pick} must be shown at least as many.`);
    if (shown !== undefined && shown > offered.length)
      check.report([...path, 'shown'], `Only ${offered.length} are offered; offer more or show fewer.`);
    if (fallback.length > pick) check.report([...path, 'default'], `Only ${pick} can be in force; remove the others.`);
    if (opensDaysBefore === 0 && closesOnDay === 0)
      check.report([...path, 'closesOnDay'], 'It closes before it opens; open it days before, or close it later.');
    return present({
      ...{ code, name, offered, shown, pick, per: inCapitals(per), opensDaysBefore, fallback },
      closesOnDay: closesOnDay ?? LONGEST[per],
    });
  });

export const experimentsOf = (check: FileCheck): Experiment[] =>
  Object.entries(check.file.experiments).map(([code, { variants }]) => {
    const split = Object.entries(variants).map(([variant, weight]) => ({ code: variant, weight }));
    if (split.length < 2)
      check.report(['experiments', code, 'variants'], 'One variant is no experiment; add another, such as a holdout.');
    return { code, variants: split };
  });
