/** Who may do and see what of API clients; spread into permission-table.ts. */
import type { Actor, Facts, Row } from './permission-table.js';

const ALL_PARTNERS = 'BANK SHOP OTHER';
const ALL_MEMBERS = 'MEMBER STRANGER';

const userErrors = 'userErrors { code message }';
const RUNNERS_AND_SHOP = {
  yes: 'ADMIN OPERATOR SHOP',
  nothing: 'BANK OTHER',
  no: `SERVICE ${ALL_MEMBERS} BARE`,
};
/** What they name does not exist, so that it stays for the other rows. */
const NOBODY = { yes: '', nothing: `ADMIN OPERATOR ${ALL_PARTNERS}`, no: `SERVICE ${ALL_MEMBERS} BARE` };

/** On the shop's client, so that nothing of it is gone for who asks next. */
const change =
  (field: string, rest: (actor: Actor) => string) =>
  ({ clientId }: Facts, actor: Actor): string =>
    `mutation { ${field}(input: { clientId: "${clientId}", ${rest(actor)} }) { client { id } ${userErrors} } }`;
const key = (actor: Actor): string =>
  `publicKey: "{\\"kty\\":\\"OKP\\",\\"crv\\":\\"Ed25519\\",\\"x\\":\\"${actor}\\"}"`;

export const CLIENT_ROOT_FIELDS: Readonly<Record<string, Row>> = {
  'Query.clients': { ask: () => '{ clients { nodes { id } } }', ...RUNNERS_AND_SHOP },
  'Query.client': { ask: ({ clientId }) => `{ client(id: "${clientId}") { id } }`, ...RUNNERS_AND_SHOP },
  'Mutation.clientRegister': {
    ask: (_facts, actor) =>
      `mutation { clientRegister(input: { name: "Till", kind: PARTNER, partnerCode: "shop", scopes: ["transactions:write"],
         withSecret: false, idempotencyKey: "register-${actor}" }) { ${userErrors} } }`,
    yes: 'ADMIN OPERATOR',
    no: `SERVICE ${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  'Mutation.clientSecretRotate': {
    ask: change('clientSecretRotate', (actor) => `overlapMinutes: 0, idempotencyKey: "rotate-${actor}"`),
    ...RUNNERS_AND_SHOP,
  },
  'Mutation.clientSecretEnd': {
    ask: ({ clientId }) =>
      `mutation { clientSecretEnd(input: { clientId: "${clientId}", secretId: "nowhere" }) { ${userErrors} } }`,
    ...NOBODY,
  },
  'Mutation.clientKeyAdd': { ask: change('clientKeyAdd', key), ...RUNNERS_AND_SHOP },
  'Mutation.clientKeyRemove': {
    ask: ({ clientId }) =>
      `mutation { clientKeyRemove(input: { clientId: "${clientId}", keyId: "nowhere" }) { ${userErrors} } }`,
    ...NOBODY,
  },
  'Mutation.clientRevoke': {
    ask: () => `mutation { clientRevoke(input: { clientId: "nowhere" }) { ${userErrors} } }`,
    ...NOBODY,
  },
};

export const CLIENT_OBJECT_TYPES: Readonly<Record<string, Row>> = {
  Client: {
    ask: ({ clientId }) => `{ node(id: "${clientId}") { ... on Client { id } } }`,
    yes: 'ADMIN OPERATOR SHOP',
    nothing: `SERVICE BANK OTHER ${ALL_MEMBERS} BARE`,
  },
  ClientSecret: {
    ask: ({ clientId }) => `{ client(id: "${clientId}") { secrets { id } } }`,
    at: 'client.secrets',
    ...RUNNERS_AND_SHOP,
  },
  ClientKey: {
    ask: ({ clientId }) => `{ client(id: "${clientId}") { keys { id } } }`,
    at: 'client.keys',
    ...RUNNERS_AND_SHOP,
  },
};
