/** The product's accounts by the names the model has for them. */
import { Account, type AccountCode, MEMBER_ACCOUNTS } from '../../src/domain/ledger/accounts.js';
import { PRG } from './terms.js';

export interface Names {
  readonly member: (no: number) => string;
  /** Never asked for the programme's own number, 0. */
  readonly partner: (no: number) => string;
}

export function accountName(code: number, party: number, names: Names): string {
  const account = code < 1_000 ? `P${code}` : `${code}`;
  if (MEMBER_ACCOUNTS.has(code as AccountCode)) return `${account}:${names.member(party)}`;
  // Its party is the bank account.
  if (code === Account.BANK) return account;
  if (party !== 0) return `${account}:${names.partner(party)}`;
  return code === Account.ISSUED ? `${account}:${PRG}` : account;
}
