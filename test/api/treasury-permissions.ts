/** Who may do and see what of units that wait before they leave; spread into permission-table.ts. */
import type { Row } from './permission-table.js';

const OTHERS = 'BANK SHOP OTHER MEMBER STRANGER BARE';
const OFFICE = { yes: 'ADMIN OPERATOR', no: `SERVICE ${OTHERS}` };

export const TREASURY_ROOT_FIELDS: Readonly<Record<string, Row>> = {
  'Query.reviewQueue': {
    ask: () => '{ reviewQueue { pageInfo { hasNextPage } } }',
    at: 'reviewQueue.pageInfo',
    ...OFFICE,
  },
  // Of one that does not exist: what they may do, they are told that it is not there.
  'Mutation.reviewDecide': {
    ask: () =>
      'mutation { reviewDecide(input: { reviewId: "nowhere", decision: APPROVED, idempotencyKey: "r" }) { userErrors { code message } } }',
    yes: '',
    nothing: OFFICE.yes,
    no: OFFICE.no,
  },
};

export const TREASURY_OBJECT_TYPES: Readonly<Record<string, Row>> = {
  // Nothing waits in the coalition; it is seen with the queue.
  OutflowReview: {
    ask: () => '{ reviewQueue { edges { node { id } } pageInfo { hasNextPage } } }',
    at: 'reviewQueue.pageInfo',
    ...OFFICE,
  },
};
