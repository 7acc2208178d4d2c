/** Who may hear of what, and manage which webhooks; spread into permission-table.ts. */
import type { Facts, Row } from './permission-table.js';

const RUNNERS = 'ADMIN OPERATOR SERVICE';
const PARTNERS = 'BANK SHOP OTHER';
const MEMBERS = 'MEMBER STRANGER';
const userErrors = 'userErrors { code message }';

/** Of one that does not exist: what they may do, they are told that it is not there. */
const managed = (field: string, more = ''): Row => ({
  ask: () => `mutation { ${field}(input: { endpointId: "nowhere"${more} }) { ${userErrors} } }`,
  yes: '',
  nothing: `ADMIN OPERATOR ${PARTNERS}`,
  no: `SERVICE ${MEMBERS} BARE`,
});

const events: Row = {
  ask: () => '{ events { nodes { id } } }',
  yes: `${RUNNERS} ${PARTNERS} ${MEMBERS}`,
  no: 'BARE',
};

export const WEBHOOK_ROOT_FIELDS: Readonly<Record<string, Row>> = {
  'Query.events': events,
  'Query.webhookEndpoints': {
    ask: () => '{ webhookEndpoints { nodes { id } } }',
    yes: `${RUNNERS} SHOP`,
    nothing: 'BANK OTHER',
    no: `${MEMBERS} BARE`,
  },
  'Query.webhookEndpoint': {
    ask: ({ webhookEndpointId }) => `{ webhookEndpoint(id: "${webhookEndpointId}") { waiting } }`,
    yes: `${RUNNERS} SHOP`,
    nothing: 'BANK OTHER',
    no: `${MEMBERS} BARE`,
  },
  // To an address that nobody may name.
  'Mutation.webhookEndpointCreate': {
    ask: () => `mutation { webhookEndpointCreate(input: { url: "https://127.0.0.1/" }) { ${userErrors} } }`,
    yes: '',
    nothing: `ADMIN OPERATOR ${PARTNERS}`,
    no: `SERVICE ${MEMBERS} BARE`,
  },
  'Mutation.webhookEndpointUpdate': managed('webhookEndpointUpdate', ', description: "Ours"'),
  'Mutation.webhookEndpointPause': managed('webhookEndpointPause'),
  'Mutation.webhookEndpointResume': managed('webhookEndpointResume'),
  'Mutation.webhookEndpointRemove': managed('webhookEndpointRemove'),
  'Mutation.webhookSecretRotate': managed('webhookSecretRotate'),
  'Mutation.webhookReplay': managed('webhookReplay'),
  'Mutation.webhookEndpointTest': managed('webhookEndpointTest'),
};

const ofEndpoint =
  (selection: string) =>
  ({ webhookEndpointId }: Facts): string =>
    `{ webhookEndpoint(id: "${webhookEndpointId}") { ${selection} } }`;

export const WEBHOOK_OBJECT_TYPES: Readonly<Record<string, Row>> = {
  Event: events,
  WebhookEndpoint: {
    ask: ({ webhookEndpointId }) => `{ node(id: "${webhookEndpointId}") { ... on WebhookEndpoint { id } } }`,
    at: 'node',
    yes: `${RUNNERS} SHOP`,
    nothing: `BANK OTHER ${MEMBERS} BARE`,
  },
  WebhookAttempt: {
    ask: ofEndpoint('attempts { nodes { eventId } }'),
    at: 'webhookEndpoint.attempts.nodes',
    yes: `${RUNNERS} SHOP`,
    nothing: 'BANK OTHER',
    no: `${MEMBERS} BARE`,
  },
  WebhookTestResult: {
    ask: ({ webhookEndpointId }) =>
      `mutation { webhookEndpointTest(input: { endpointId: "${webhookEndpointId}" }) { result { delivered } ${userErrors} } }`,
    at: 'webhookEndpointTest.result',
    yes: 'ADMIN OPERATOR SHOP',
    nothing: 'BANK OTHER',
    no: `SERVICE ${MEMBERS} BARE`,
  },
};
