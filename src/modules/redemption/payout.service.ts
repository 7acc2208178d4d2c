/** Use cases that move units out at once: cash to a card, a donation, a gift to another member. */
import type { Principal } from '../../domain/access/principal.js';
import { ok, type Result } from '../../domain/kernel/result.js';
import type { Database } from '../../infrastructure/db/database.js';
import type { ProgrammeRecord } from '../programmes/index.js';
import type { ReferenceCache } from '../transactions/index.js';
import { letGo } from './hold-back.js';
import { type Keyed, type PayOut, payOutOnce } from './pay-out-once.js';
import { bankOf, charityOf, type OnCashOut, useUnits } from './paying-out.js';
import type { RedemptionErrorCode } from './redemption.errors.js';
import type { Redeemed } from './redemption.service.js';
import {
  findRedemptions,
  findTransfer,
  getRedemption,
  type RedemptionRecord,
  type TransferRecord,
} from './redemption.sql.js';
import { receiverOf, transferUnits } from './transferring.js';

export interface CashOut extends PayOut {
  /** A linked card of the member, whose bank fronts the cash. */
  readonly card: { readonly id?: string | undefined; readonly token?: string | undefined };
}

export interface Donate extends PayOut {
  readonly charityCode: string;
}

export interface TransferUnits extends PayOut {
  readonly toMemberCode: string;
}

export interface Transferred {
  readonly transfer: TransferRecord | undefined;
  /** What holds the units while somebody looks at the transfer. */
  readonly held: RedemptionRecord | undefined;
  readonly programme: ProgrammeRecord;
}

export class PayoutService {
  constructor(
    private readonly database: Database,
    private readonly references: ReferenceCache,
    private readonly onCashOut: OnCashOut,
  ) {}

  /** The bank of the card credits what the units were worth when they were issued, and is owed it. */
  async cashOut(principal: Principal, keyed: Keyed<CashOut>): Promise<Result<Redeemed, RedemptionErrorCode>> {
    const paid = await payOutOnce(this.database, this.references, principal, keyed, {
      operation: 'CASH_OUT',
      find: getRedemption,
      work: async (till, payer, { units, card }: CashOut) => {
        const bank = await bankOf(till, payer, card);
        if (!bank.ok) return bank;
        const bankNo = bank.value.no;
        const { cashOut: limits = {} } = till.terms;
        const leaving = { kind: 'CASH_OUT', limits, units, bankNo, requestedBy: principal.subject } as const;
        const heard = { by: this.onCashOut, card };
        return letGo(till, payer, leaving, () => useUnits(till, payer, units, { kind: 'CASHED_OUT', bankNo }, heard));
      },
    });
    return paid.ok ? ok({ redemption: paid.value.found, programme: paid.value.programme }) : paid;
  }

  /** The charity gets what the units were worth when they were issued. */
  async donate(principal: Principal, keyed: Keyed<Donate>): Promise<Result<Redeemed, RedemptionErrorCode>> {
    const paid = await payOutOnce(this.database, this.references, principal, keyed, {
      operation: 'DONATE',
      find: getRedemption,
      work: async (till, payer, { units, charityCode }: Donate) => {
        const charity = charityOf(till, charityCode);
        return charity.ok ? useUnits(till, payer, units, { kind: 'DONATED', charityNo: charity.value.no }) : charity;
      },
    });
    return paid.ok ? ok({ redemption: paid.value.found, programme: paid.value.programme }) : paid;
  }

  /** Units go to another member of the programme with their price, their funder and their last day. */
  async transfer(principal: Principal, keyed: Keyed<TransferUnits>): Promise<Result<Transferred, RedemptionErrorCode>> {
    const paid = await payOutOnce(this.database, this.references, principal, keyed, {
      operation: 'TRANSFER_UNITS',
      find: async (tx, id) => ({ transfer: await findTransfer(tx, id), held: (await findRedemptions(tx, [id]))[0] }),
      work: async (till, giver, { units, toMemberCode }: TransferUnits) => {
        const receiver = await receiverOf(till, giver, toMemberCode);
        if (!receiver.ok) return receiver;
        const { transfer: limits = {} } = till.terms;
        const toMemberNo = receiver.value.no;
        const leaving = { kind: 'TRANSFER', limits, units, toMemberNo, requestedBy: principal.subject } as const;
        return letGo(till, giver, leaving, () => transferUnits(till, giver, receiver.value, units));
      },
    });
    return paid.ok ? ok({ ...paid.value.found, programme: paid.value.programme }) : paid;
  }
}
