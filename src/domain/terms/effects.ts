/** What a rule gives, in words: one function for each kind of effect. */
import type {
  BandsEffect,
  EarningRule,
  MultiplierEffect,
  RewardBase,
  RewardRounding,
  TierCategoryMatrixEffect,
} from '../earning/model.js';
import { BASE } from '../earning/rules/tier-category-matrix.js';
import type { TermsItem } from './document.js';
import type { Wording } from './wording.js';

/** The effect as a statement; details follow where it takes several sentences. */
export function effectItem(w: Wording, { effect }: EarningRule): TermsItem {
  const unit = w.terms.unit.code;
  switch (effect.kind) {
    case 'RATE':
      return w.item('effect.rate', { rate: w.formats.share(effect.rate), unit });
    case 'STEP':
      return w.item('effect.step', { units: w.units(effect.units), money: w.money(effect.everyMinor) });
    case 'FIXED':
      return w.item('effect.fixed', { units: w.units(effect.units) });
    case 'PER_ITEM':
      return w.item('effect.perItem', { units: w.units(effect.units) });
    case 'MULTIPLIER':
      return multiplier(w, effect);
    case 'BANDS':
      return w.item('effect.bands', { unit }, bands(w, effect));
    case 'TIER_CATEGORY_MATRIX':
      return w.item('effect.matrix', { unit }, matrix(w, effect));
  }
}

const multiplier = (w: Wording, { of, by, pays }: MultiplierEffect): TermsItem =>
  w.item(`effect.multiplier.${pays}`, { rule: w.rule(of), by: w.formats.factor(by) });

const bands = (w: Wording, effect: BandsEffect): string[] =>
  effect.bands.map(({ uptoMinor, rate }, index) => {
    const share = w.formats.share(rate);
    if (uptoMinor === undefined) return w.say(index === 0 ? 'band.only' : 'band.rest', { rate: share });
    return w.say(index === 0 ? 'band.first' : 'band.next', { money: w.money(uptoMinor), rate: share });
  });

/** Tiers and categories in the programme's order, whatever the order of the cells. */
function matrix(w: Wording, { rates }: TierCategoryMatrixEffect): string[] {
  return w.terms.tiers.levels.map(({ code }) => {
    const row = rates[code] ?? {};
    const cells = w.terms.categories.flatMap((category) => {
      const cell = row[category.code];
      return cell === undefined
        ? []
        : [w.say('matrix.cell', { category: w.category(category.code), rate: w.formats.share(cell) })];
    });
    const rest = row[BASE];
    cells.push(rest === undefined ? w.say('matrix.nothing') : w.say('matrix.rest', { rate: w.formats.share(rest) }));
    return w.say('matrix.tier', { tier: w.tier(code), cells: cells.join(', ') });
  });
}

export const baseSentence = (w: Wording, { without }: RewardBase): string =>
  without.length === 0
    ? w.say('base.gross')
    : w.say('base.without', { parts: w.formats.list(without.map((part) => w.say(`part.${part}`))) });

export function roundingSentences(w: Wording, { spend, mode, step, per }: RewardRounding): string[] {
  const reward = w.say('rounding.reward', { scope: per, units: w.units(step), mode: w.say(`mode.${mode}`) });
  if (spend === undefined) return [reward];
  return [w.say('rounding.spend', { money: w.money(spend.toMinor), mode: w.say(`mode.${spend.mode}`) }), reward];
}
