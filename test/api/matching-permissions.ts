/** Who may do and see what of purchases told twice, merchant ids and claims; spread into permission-table.ts. */
import type { Row } from './permission-table.js';

const RUNNERS = 'ADMIN OPERATOR SERVICE';

export const MATCHING_OBJECT_TYPES: Readonly<Record<string, Row>> = {
  // Seen with the message that it is about.
  PurchaseLikeness: {
    ask: ({ transactionId }) => `{ transaction(id: "${transactionId}") { sources { likeness { score grounds } } } }`,
    at: 'transaction.sources',
    yes: `${RUNNERS} BANK MEMBER`,
    nothing: 'SHOP OTHER STRANGER',
    no: 'BARE',
  },
};
