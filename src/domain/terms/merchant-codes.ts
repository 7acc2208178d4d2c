/** Merchant category codes and the reasons for excluding them. Codes are names, not numbers: never grouped. */
import type { EffectiveMccRange } from '../earning/model.js';
import { CATALOGUES, type MessageKey } from './catalogue.js';
import { onOneLine, type Wording } from './wording.js';

export const codesList = (w: Wording, ranges: readonly EffectiveMccRange[]): string =>
  w.formats.list(
    ranges.map((range) => {
      const codes = range.first === range.last ? range.first : `${range.first}–${range.last}`;
      const days = w.days(range);
      return days === undefined ? codes : w.say('codes.dated', { codes, days });
    }),
  );

/** Reasons that the default exclusions give are translated; a programme's own stand as they were written. */
export function reasonText(w: Wording, reason: string): string {
  const key = `reason.${reason.replaceAll(' ', '-')}`;
  const text = isKey(key) ? w.say(key) : onOneLine(reason);
  return `${text.charAt(0).toLocaleUpperCase(w.language)}${text.slice(1)}`;
}

const isKey = (key: string): key is MessageKey => Object.hasOwn(CATALOGUES.en, key);
