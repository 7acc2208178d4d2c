/** Who may take the journal over into other books; spread into permission-table.ts. */
import type { Row } from './permission-table.js';

const RUNNERS_ALONE = { yes: 'ADMIN OPERATOR SERVICE', no: 'BANK SHOP OTHER MEMBER STRANGER BARE' };

const exported = (selection: string) => (): string =>
  `{ accountingExport(programmeCode: "coalition-test", from: "2020-01-01", until: "2100-01-01") { ${selection} } }`;

export const ACCOUNTING_ROOT_FIELDS: Readonly<Record<string, Row>> = {
  'Query.accountingExport': { ask: exported('isFinal'), ...RUNNERS_ALONE },
};

export const ACCOUNTING_OBJECT_TYPES: Readonly<Record<string, Row>> = {
  AccountingExport: { ask: exported('isFinal'), ...RUNNERS_ALONE },
  AccountTurnover: { ask: exported('accounts { name }'), at: 'accountingExport.accounts', ...RUNNERS_ALONE },
  AccountingTotal: { ask: exported('totals { lines }'), at: 'accountingExport.totals', ...RUNNERS_ALONE },
  AccountingPart: { ask: exported('part { csv }'), at: 'accountingExport.part', ...RUNNERS_ALONE },
};
