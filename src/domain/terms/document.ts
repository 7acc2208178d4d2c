/** Terms as a document: what is said, apart from how it is laid out. */
import type { Language } from './catalogue.js';

export const SECTIONS = [
  'earn',
  'categories',
  'stacking',
  'caps',
  'exclusions',
  'tiers',
  'choices',
  'hold',
  'expiry',
  'redemption',
  'refunds',
  'deadlines',
] as const;
export type SectionKey = (typeof SECTIONS)[number];

export interface TermsDocument {
  readonly language: Language;
  readonly title: string;
  readonly about: readonly string[];
  /** In the order of SECTIONS; sections that have nothing to say are left out. */
  readonly sections: readonly TermsSection[];
}

export interface TermsSection {
  readonly key: SectionKey;
  readonly title: string;
  readonly items: readonly TermsItem[];
}

/** One statement, with what belongs to it. */
export interface TermsItem {
  readonly text: string;
  readonly details: readonly string[];
}

/** For a terminal or a letter. */
export function plainText({ title, about, sections }: TermsDocument): string {
  const lines = [title, '', ...about];
  for (const section of sections) {
    lines.push('', section.title);
    for (const { text, details } of section.items) lines.push(`- ${text}`, ...details.map((detail) => `  - ${detail}`));
  }
  return `${lines.join('\n')}\n`;
}

/** The same words for a page. Whatever names hold, nothing in them becomes markup. */
export function markdown({ title, about, sections }: TermsDocument): string {
  const lines = [`# ${escaped(title)}`, '', ...about.flatMap((sentence) => [escaped(sentence), ''])];
  for (const section of sections) {
    lines.push(`## ${escaped(section.title)}`, '');
    for (const { text, details } of section.items)
      lines.push(`- ${escaped(text)}`, ...details.map((detail) => `  - ${escaped(detail)}`));
    lines.push('');
  }
  return lines.join('\n');
}

/** Also a line that begins like a list or a number, which Markdown would count by itself. */
const escaped = (text: string): string =>
  text
    .replace(/[\\`*_[\]<>#|~&]/g, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2')
    .replace(/^[-+]/, '\\$&');
