/** Reference rates as rows, for reading. Written by rate.sql.ts alone. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

export const FxRateEntity = defineEntity({
  name: 'FxRateEntity',
  tableName: 'fx_rate',
  properties: {
    currencyCode: p.character().length(3).primary(),
    day: p.date().primary(),
    perEuro: p.text(),
    importedAt: p.datetime(6),
  },
});
export type FxRateEntity = InferEntity<typeof FxRateEntity>;
