/** Prepaid blocks: bought by a partner, owed like anything that was settled, and used up by its charges. */
import type { Principal } from '../../domain/access/principal.js';
import { businessDateIn } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { prepaidBought } from '../../domain/ledger/treasury-entries.js';
import { type MoneyInput, parseMoney } from '../../graphql/money.js';
import { answerOnce } from '../../infrastructure/db/command-key.js';
import type { Database } from '../../infrastructure/db/database.js';
import { authorize } from '../access/index.js';
import { openWindows, recordEntries } from '../ledger/index.js';
import type { PartnerDirectory, PartnerRecord } from '../partners/index.js';
import type { ProgrammeRecord, Programmes } from '../programmes/index.js';
import type { CreditErrorCode } from './credit.errors.js';

/** Programmes and partners as committed now. */
export interface Parties {
  readonly programmes: Programmes;
  readonly partners: PartnerDirectory;
}

export interface BlockCommand {
  readonly programmeCode: string;
  readonly partnerCode: string;
  readonly amount: MoneyInput;
  readonly idempotencyKey: string;
}

export class CreditService {
  constructor(
    private readonly database: Database,
    readonly parties: () => Promise<Parties>,
  ) {}

  /** Sells a block: the partner owes it from now on, and its charges are taken from it at once (entry 32). */
  async buyBlock(
    principal: Principal,
    { programmeCode, partnerCode, amount, idempotencyKey }: BlockCommand,
  ): Promise<Result<{ readonly entryNo: string }, CreditErrorCode>> {
    authorize(principal, 'prepaid.sell');
    const parties = await this.parties();
    const named = partnerIn(parties, programmeCode, partnerCode);
    if (!named.ok) return named;
    const { programme, partner } = named.value;
    const amountMinor = parseMoney(amount, programme.currencyCode, 'amount');
    if (!amountMinor.ok) return amountMinor;
    if (amountMinor.value <= 0n)
      return fail('AMOUNT_NOT_POSITIVE', 'Give an amount above zero; blocks are never taken back.', 'amount');
    const body = { programmeCode, partnerCode, amountMinor: amountMinor.value.toString() };
    const key = { client: principal.subject, key: idempotencyKey, operation: 'BUY_PREPAID_BLOCK', body };
    return this.database.command(async (tx) => {
      const { now, windows } = await openWindows(tx, [programme.no]);
      const window = windows.get(programme.no);
      invariant(window, 'openWindows answers for every programme');
      return answerOnce(tx, key, async () => {
        const businessDate = businessDateIn(now, programme.timeZone);
        const contract = parties.partners.contractOn(partner.no, programme.no, businessDate);
        if (contract?.settlement.prepaid !== true) {
          return fail(
            'NOT_PREPAID',
            `The contract of "${partnerCode}" does not say that it pays in advance; agree one that does.`,
            'partnerCode',
          );
        }
        const entry = prepaidBought({ partnerNo: partner.no, amountMinor: amountMinor.value, businessDate });
        const [entryNo] = await recordEntries(tx, window, now, [entry]);
        return ok({ entryNo: String(entryNo) });
      });
    });
  }
}

function partnerIn(
  { programmes, partners }: Parties,
  programmeCode: string,
  partnerCode: string,
): Result<{ readonly programme: ProgrammeRecord; readonly partner: PartnerRecord }, CreditErrorCode> {
  const programme = programmes.byCode(programmeCode);
  if (programme === undefined)
    return fail('UNKNOWN_PROGRAMME', `There is no programme "${programmeCode}"; check the code.`, 'programmeCode');
  const partner = partners.byCode(partnerCode);
  return partner === undefined
    ? fail('UNKNOWN_PARTNER', `There is no partner "${partnerCode}"; check the code.`, 'partnerCode')
    : ok({ programme, partner });
}
