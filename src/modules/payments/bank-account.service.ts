/**
 * Use cases on bank accounts. Where money goes is decided by two people: one proposes an account, another approves
 * it. Until then the one before it stays in use.
 */
import type { Principal } from '../../domain/access/principal.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { isId } from '../../graphql/scalars.js';
import type { Database } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { authorize } from '../access/index.js';
import { checkAccountNumber, writableName } from '../bank-files/index.js';
import {
  type BankAccountRow,
  decideAccount,
  findAccountsOf,
  findProgrammeAccounts,
  insertAccount,
  lockAccount,
  lockOwner,
} from './bank-account.sql.js';
import type { BankAccountErrorCode } from './payments.errors.js';

export interface ProposeAccount {
  /** Exactly one of the two. */
  readonly partnerCode?: string | undefined;
  readonly programmeCode?: string | undefined;
  /** Of a programme's account; its own currency when absent. */
  readonly currencyCode?: string | undefined;
  readonly holderName: string;
  readonly iban: string;
  readonly bic?: string | undefined;
}

/** As long as any bank keeps them. */
const LONGEST_NAME = 140;

type Answer = Result<{ readonly id: string }, BankAccountErrorCode>;

export class BankAccountService {
  constructor(private readonly database: Database) {}

  /** Proposes where a partner is paid, or what account a programme pays from. */
  async propose(principal: Principal, command: ProposeAccount): Promise<Answer> {
    const { partnerCode, programmeCode, currencyCode, holderName } = command;
    // Before anything is told: a partner may propose its own account alone.
    authorize(
      principal,
      'bankAccount.propose',
      principal.kind === 'PARTNER' && principal.partnerCode === partnerCode
        ? { partnerNos: [principal.partnerNo] }
        : {},
    );
    if ((partnerCode === undefined) === (programmeCode === undefined)) {
      return fail('OWNER_UNCLEAR', 'Name either the partner or the programme whose account it is.');
    }
    const number = checkAccountNumber(command.iban, command.bic);
    if (!number.ok) return number;
    const name = writableName(holderName);
    if (!name.ok) return name;
    if (holderName.length > LONGEST_NAME) {
      return fail('NAME_TOO_LONG', `The name has more than ${LONGEST_NAME} characters; shorten it.`, 'holderName');
    }
    return this.database.command(async (tx): Promise<Answer> => {
      const owner = await lockOwner(
        tx,
        partnerCode === undefined ? { programmeCode: programmeCode as string, currencyCode } : { partnerCode },
      );
      if (owner === undefined) return unknownOwner(partnerCode, programmeCode);
      const { iban, bic } = number.value;
      for (const known of await findAccountsOf(tx, owner)) {
        const same = known.iban === iban && known.bic === (bic ?? null) && known.holderName === holderName;
        if (same) return known.state === 'PROPOSED' ? ok({ id: known.id }) : unchanged();
        if (known.state === 'PROPOSED') {
          return fail(
            'PROPOSAL_PENDING',
            'Another account waits for a second person already; have it approved or declined first.',
          );
        }
      }
      if (owner.programmeNo !== null && (await findProgrammeAccounts(tx, [iban])).length > 0) {
        return fail(
          'ACCOUNT_TAKEN',
          'A programme uses or used this account; statements would not tell whose they are. Name another one.',
          'iban',
        );
      }
      const id = newId();
      await insertAccount(tx, { id, ...owner, holderName, iban, bic, proposedBy: principal.subject });
      return ok({ id });
    });
  }

  /** From now on money goes there. Whoever proposed it may not say so. */
  approve(principal: Principal, id: string): Promise<Answer> {
    authorize(principal, 'bankAccount.approve');
    return this.decide(id, 'ACTIVE', principal, (account) =>
      account.proposedBy === principal.subject
        ? fail('SECOND_PERSON_NEEDED', 'You proposed this account; have somebody else approve it.')
        : ok(account),
    );
  }

  /** Turns a proposed account down, or takes one's own back. */
  decline(principal: Principal, id: string): Promise<Answer> {
    authorize(principal, 'bankAccount.approve');
    return this.decide(id, 'DECLINED', principal, ok);
  }

  private decide(
    id: string,
    state: 'ACTIVE' | 'DECLINED',
    principal: Principal,
    check: (account: BankAccountRow) => Result<BankAccountRow, BankAccountErrorCode>,
  ): Promise<Answer> {
    return this.database.command(async (tx): Promise<Answer> => {
      const account = isId(id) ? await lockAccount(tx, id) : undefined;
      if (account === undefined) {
        return fail('UNKNOWN_ACCOUNT', 'There is no bank account of this id; ask for bankAccounts.', 'bankAccountId');
      }
      if (account.state !== 'PROPOSED') {
        return account.state === state
          ? ok({ id })
          : fail('ALREADY_DECIDED', `The account is ${account.state} already; propose another one.`, 'bankAccountId');
      }
      const checked = check(account);
      if (!checked.ok) return checked;
      await decideAccount(tx, account, state, principal.subject);
      return ok({ id });
    });
  }
}

const unchanged = () =>
  fail('ACCOUNT_UNCHANGED', 'This account is in use already; there is nothing to change.', 'iban');

const unknownOwner = (partnerCode: string | undefined, programmeCode: string | undefined) =>
  partnerCode === undefined
    ? fail('UNKNOWN_PROGRAMME', `There is no programme "${programmeCode}"; apply it first.`, 'programmeCode')
    : fail('UNKNOWN_PARTNER', `There is no partner "${partnerCode}"; onboard it first.`, 'partnerCode');
