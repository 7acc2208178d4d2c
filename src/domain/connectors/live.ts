/** What partners answer while somebody waits, read with care: what is no offer is left out, what is too much is cut. */
import { type BusinessDate, isBusinessDate } from '../kernel/calendar.js';
import { type FieldMapping, FieldReader, type OfferField, type StockField } from './fields.js';

export interface LiveOffer {
  /** The partner's own name of it. */
  readonly reference: string;
  readonly title: string;
  readonly description: string | null;
  readonly url: string | null;
  readonly validFrom: BusinessDate | null;
  readonly validUntil: BusinessDate | null;
}

const MOST_OFFERS = 200;
const LONGEST = { id: 200, title: 200, description: 2_000, url: 2_000 };

/** The offers of a list; one without an id or a title is none. */
export function offersIn(items: readonly unknown[], fields: readonly FieldMapping[]): readonly LiveOffer[] {
  const reader = new FieldReader<OfferField>('OFFERS', fields);
  const offers: LiveOffer[] = [];
  for (const item of items) {
    const read = (field: OfferField): string | undefined => reader.read(item, field)?.toWellFormed();
    const id = read('id');
    const title = read('title');
    if (id === undefined || id.length > LONGEST.id || title === undefined) continue;
    offers.push({
      reference: id,
      title: title.slice(0, LONGEST.title),
      description: read('description')?.slice(0, LONGEST.description) ?? null,
      url: webAddress(read('url')),
      validFrom: dayOf(read('validFrom')),
      validUntil: dayOf(read('validUntil')),
    });
    if (offers.length === MOST_OFFERS) break;
  }
  return offers;
}

const MOST_STOCK = 1_000_000_000;

/** How many there are of each item; a number that is none counts as nothing known about the item. */
export function stockIn(items: readonly unknown[], fields: readonly FieldMapping[]): Readonly<Record<string, number>> {
  const reader = new FieldReader<StockField>('STOCK', fields);
  return Object.fromEntries(
    items.flatMap((item) => {
      const code = reader.read(item, 'item');
      const available = reader.read(item, 'available');
      if (code === undefined || available === undefined || !/^-?\d{1,15}$/.test(available)) return [];
      return [[code, Math.min(MOST_STOCK, Math.max(0, Number(available)))]];
    }),
  );
}

/** What the answer says of an item; items may be called like methods of objects. */
export const availableOf = (stock: Readonly<Record<string, number>>, code: string): number | undefined =>
  Object.hasOwn(stock, code) ? stock[code] : undefined;

/** Apps show it as a link: nothing but the web. */
function webAddress(text: string | undefined): string | null {
  if (text === undefined || text.length > LONGEST.url) return null;
  return URL.parse(text)?.protocol === 'https:' ? text : null;
}

const dayOf = (text: string | undefined): BusinessDate | null =>
  text !== undefined && isBusinessDate(text.slice(0, 10)) ? text.slice(0, 10) : null;
