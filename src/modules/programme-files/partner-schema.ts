/** Partners that a programme file names, and the contracts its examples assume. */
import { z } from 'zod';
import { fields, words } from '../../infrastructure/yaml.js';
import { NOT_ONE, parties, sumsToOne } from './rule-schema.js';
import { rate } from './scalar-schema.js';

export const contract = z.union(
  [
    words('NONE'),
    fields({ SELF: rate.optional().describe('Share of the partner itself.'), ...parties }).refine(sumsToOne, NOT_ONE),
  ],
  { error: 'Write NONE, or a share for each of SELF, MERCHANT, ISSUER and PROGRAMME that pays.' },
);

/** An empty entry is a partner that pays its rewards itself. */
export const partner = z.union([
  z
    .literal('', { error: 'Leave the entry empty, or write its "contract" below it.' })
    .transform(() => ({ contract: undefined }))
    .meta({ type: ['string', 'null'], const: undefined, enum: ['', null] }),
  fields({ contract: contract.optional().describe('Who pays what the partner owes; itself when absent.') }),
]);

export type FileContract = z.output<typeof contract>;
