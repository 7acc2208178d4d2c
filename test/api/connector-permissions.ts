/** Who may do and see what of connectors; spread into permission-table.ts. */
import type { Row } from './permission-table.js';

const READERS = { yes: 'ADMIN OPERATOR SERVICE BANK SHOP OTHER', no: 'MEMBER STRANGER BARE' };
/** Of a connector that does not exist, which is what those who may are told. */
const NO_CONNECTOR = '00000000-0000-7000-8000-000000000000';

/** Nobody is asked in the coalition: they see that there is nothing. */
const LIST: Row = {
  ask: () => '{ connectors { nodes { id } pageInfo { hasNextPage } } }',
  at: 'connectors.pageInfo',
  ...READERS,
};

const EVERYONE_SIGNED_IN = { yes: 'ADMIN OPERATOR SERVICE BANK SHOP OTHER MEMBER STRANGER', no: 'BARE' };
const LIVE_OFFERS: Row = {
  ask: () => '{ partner(code: "shop") { code liveOffers { stale offers { reference } } } }',
  at: 'partner.code',
  ...EVERYONE_SIGNED_IN,
};

const PAYOUTS: Row = {
  ask: () => '{ partnerPayouts { nodes { state } pageInfo { hasNextPage } } }',
  at: 'partnerPayouts.pageInfo',
  ...EVERYONE_SIGNED_IN,
};

const command = (name: string, more = ''): Row => ({
  ask: () => `mutation { ${name}(input: { connectorId: "${NO_CONNECTOR}" ${more} }) { userErrors { code message } } }`,
  yes: '',
  nothing: 'ADMIN OPERATOR',
  no: 'SERVICE BANK SHOP OTHER MEMBER STRANGER BARE',
});

export const CONNECTOR_ROOT_FIELDS: Readonly<Record<string, Row>> = {
  'Query.connectors': LIST,
  'Query.partnerPayouts': PAYOUTS,
  'Query.connector': {
    ask: () => `{ connector(id: "${NO_CONNECTOR}") { id } }`,
    yes: '',
    nothing: READERS.yes,
    no: READERS.no,
  },
  'Mutation.connectorCreate': {
    ask: () => `mutation { connectorCreate(input: { code: "x", partnerCode: "nobody", programmeCode: "coalition-test",
      kind: FOLDER, address: "x", endpoints: [] }) { userErrors { code message } } }`,
    yes: '',
    nothing: 'ADMIN OPERATOR',
    no: 'SERVICE BANK SHOP OTHER MEMBER STRANGER BARE',
  },
  'Mutation.connectorUpdate': command('connectorUpdate'),
  'Mutation.connectorPause': command('connectorPause'),
  'Mutation.connectorResume': command('connectorResume'),
  'Mutation.connectorRemove': command('connectorRemove'),
  'Mutation.connectorRunNow': command('connectorRunNow'),
  'Mutation.connectorSecretSet': {
    ...command('connectorSecretSet', 'secret: "long enough"'),
    nothing: 'ADMIN OPERATOR BANK SHOP OTHER',
    no: 'SERVICE MEMBER STRANGER BARE',
  },
};

export const CONNECTOR_OBJECT_TYPES: Readonly<Record<string, Row>> = {
  Connector: LIST,
  ConnectorEndpoint: LIST,
  ConnectorFieldMapping: LIST,
  ConnectorWord: LIST,
  ConnectorRun: LIST,
  ConnectorReject: LIST,
  PartnerPayout: PAYOUTS,
  // Nobody is asked in the coalition: who may ask sees that there is no answer.
  PartnerOffers: LIVE_OFFERS,
  PartnerOffer: LIVE_OFFERS,
  LiveStock: {
    ask: () => '{ catalogue(programmeCode: "coalition-test") { nodes { liveStock { available } } } }',
    at: 'catalogue.nodes',
    ...EVERYONE_SIGNED_IN,
  },
};
