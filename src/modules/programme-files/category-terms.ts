/** Categories and exclusions of a programme file: what a purchase counts as, and that it is one thing only. */
import type { Category, Exclusion, ProductExclusion } from '../../domain/earning/model.js';
import type { YamlPath } from '../../infrastructure/yaml.js';
import { DEFAULT_EXCLUSIONS } from './default-exclusions.js';
import { daysOf, type FileCheck, type FileDays } from './file-check.js';
import type { ProgrammeFile } from './programme-schema.js';

interface Claim extends FileDays {
  readonly first: string;
  readonly last: string;
  readonly category: string;
}

const PLACES = ['partners', 'outlets', 'products', 'descriptors'] as const;

/** A purchase may be claimed by one category only, or the order of the file would decide. */
export function categoriesOf(check: FileCheck): Category[] {
  const { file, report } = check;
  const owners = new Map<string, string>();
  const claims: Claim[] = [];
  const claimPlace = (kind: string, place: string, category: string, path: YamlPath): void => {
    const owner = owners.get(`${kind} ${place}`);
    if (owner === undefined) owners.set(`${kind} ${place}`, category);
    else report(path, `"${place}" belongs to the category ${owner} already; take it out of one of the two.`);
  };
  const claimCodes = (claim: Claim, path: YamlPath): void => {
    const other = claims.find(
      (earlier) => earlier.first <= claim.last && claim.first <= earlier.last && daysMeet(earlier, claim),
    );
    if (other !== undefined)
      report(
        path,
        `Some of these codes are in ${spell(other)} of ${other.category} on the same days; keep each code in one category.`,
      );
    claims.push(claim);
  };
  return Object.entries(file.categories).map(([code, category]) => {
    const path = ['categories', code];
    const { name, mcc, partners, outlets, products, descriptors, submitted } = category;
    if (mcc.length + PLACES.reduce((sum, kind) => sum + category[kind].length, 0) === 0 && submitted === undefined) {
      report(
        path,
        'Nothing belongs to this category: give it "mcc", "partners", "outlets", "products" or "descriptors", or "submitted: true" when partners assign it.',
      );
    }
    for (const [index, { codes, ...period }] of mcc.entries())
      claimCodes({ ...codes, ...period, category: code }, [...path, 'mcc', index]);
    for (const kind of PLACES) {
      for (const [index, place] of category[kind].entries()) claimPlace(kind, place, code, [...path, kind, index]);
    }
    for (const kind of ['partners', 'outlets'] as const) {
      for (const [index, place] of category[kind].entries())
        check.known('partner', place.split('/')[0] as string, [...path, kind, index]);
    }
    const mccs = mcc.map(({ codes, ...period }) => ({ ...codes, ...daysOf(period) }));
    return { code, name, mccs, partners, outlets, products, descriptors };
  });
}

const FIRST_DAY = '0000-01-01';
const LAST_DAY = '9999-12-31';
const daysMeet = (a: FileDays, b: FileDays): boolean =>
  (a.from ?? FIRST_DAY) <= (b.until ?? LAST_DAY) && (b.from ?? FIRST_DAY) <= (a.until ?? LAST_DAY);
const spell = ({ first, last }: Claim): string => (first === last ? first : `${first}-${last}`);

export const exclusionsOf = (file: ProgrammeFile): Exclusion[] =>
  file.exclusions.flatMap((exclusion): readonly Exclusion[] => {
    if (exclusion === 'DEFAULT') return DEFAULT_EXCLUSIONS;
    return exclusion.codes === undefined
      ? []
      : [{ ...exclusion.codes, reason: exclusion.reason, ...daysOf(exclusion) }];
  });

export const productExclusionsOf = (file: ProgrammeFile): ProductExclusion[] =>
  file.exclusions.flatMap((exclusion) =>
    exclusion === 'DEFAULT' || exclusion.product === undefined
      ? []
      : [{ tag: exclusion.product, reason: exclusion.reason, ...daysOf(exclusion) }],
  );
