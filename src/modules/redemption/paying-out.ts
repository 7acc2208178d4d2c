/** Units that are used at once and pay for no purchase: cash-outs (13) and donations (14). */
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import type { MemberLots } from '../../domain/redemption/member-lots.js';
import { sumOfParts } from '../../domain/redemption/part.js';
import { redemptionOf, type UsedAtOnce, useAtOnce } from '../../domain/redemption/redeem.js';
import { isId } from '../../graphql/scalars.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import type { OpenedLots } from '../lots/index.js';
import { lockMembers } from '../members/index.js';
import type { PartnerRecord } from '../partners/index.js';
import { refuseBeyond } from './pay-out-once.js';
import { findIssuer, type PayerRecord } from './payer.sql.js';
import type { CashOut } from './payout.service.js';
import type { RedemptionErrorCode } from './redemption.errors.js';
import { insertRedemptions, type RedemptionRecord } from './redemption.sql.js';
import { openLots, partnerOf, redeemerOf, storeChanged, type Till } from './till.js';

/** The bank that fronts cash to the member's card. */
export async function bankOf(
  till: Till,
  payer: PayerRecord,
  { id, token }: CashOut['card'],
): Promise<Result<PartnerRecord, RedemptionErrorCode>> {
  if (till.terms.cashOut === undefined)
    return fail('CASH_OUT_NOT_OFFERED', 'The programme does not turn units into cash; use them at a partner.');
  const named = (id === undefined) !== (token === undefined) && (id === undefined || isId(id));
  const issuerNo = named
    ? await findIssuer(till.tx, payer.no, {
        ...(id !== undefined && { cardId: id }),
        ...(token !== undefined && { cardToken: token }),
      })
    : undefined;
  const bank = issuerNo === undefined ? undefined : till.partners.byNo(issuerNo);
  if (bank === undefined)
    return fail('UNKNOWN_CARD', 'Name one card that the member has linked, by its id or its token.', 'card');
  const redeemer = redeemerOf(till, bank);
  return redeemer.ok ? ok(bank) : redeemer;
}

/** The charity that gets a donation; it needs no contract. */
export function charityOf(till: Till, code: string): Result<PartnerRecord, RedemptionErrorCode> {
  if (!till.terms.donation)
    return fail('DONATION_NOT_OFFERED', 'The programme does not let units be donated; use them at a partner.');
  const charity = partnerOf(till, code, 'charityCode');
  if (!charity.ok) return charity;
  if (!charity.value.roles.includes('CHARITY'))
    return fail('NOT_A_CHARITY', `Partner "${code}" is no charity; name one that is.`, 'charityCode');
  if (charity.value.status !== 'ACTIVE')
    return fail('PARTNER_NOT_ACTIVE', `Partner "${code}" is suspended or closed; name another charity.`, 'charityCode');
  return charity;
}

/** Cash that the bank of a card fronts. */
export interface CashedOut {
  readonly redemptionId: string;
  readonly memberNo: number;
  readonly programmeNo: number;
  readonly bankNo: number;
  readonly valueMinor: bigint;
  readonly currencyCode: string;
  /** The card that was named; any of the bank's when none was. */
  readonly card: CashOut['card'];
}

/** Hears of each in its transaction: whoever tells banks to pay. */
export type OnCashOut = (tx: DbTransaction, cashedOut: CashedOut) => Promise<unknown>;

/** Uses exactly so many units, at what each lot is worth. */
export async function useUnits(
  till: Till,
  payer: PayerRecord,
  units: bigint,
  to: UsedAtOnce,
  heard?: Use['heard'],
): Promise<Result<{ readonly id: string }, RedemptionErrorCode>> {
  await lockMembers(till.tx, [payer.no]);
  const lots = await openLots(till, payer.no);
  const refused = refuseBeyond(lots.of(payer.no), units, till.programme);
  if (!refused.ok) return refused;
  const { id, store } = await storeUse(till, lots, lots.of(payer.no), {
    ...{ memberNo: payer.no, units, to },
    ...(heard && { heard }),
  });
  await store();
  return ok({ id });
}

export interface Use {
  readonly memberNo: number;
  readonly units: bigint;
  readonly to: UsedAtOnce;
  /** For cash: who hears of it, and which card was named. */
  readonly heard?: { readonly by: OnCashOut; readonly card: CashOut['card'] };
}

/** The redemption of units that are used at once; `store` writes lots and journal and comes last. */
export async function storeUse(
  till: Till,
  lots: OpenedLots,
  before: MemberLots,
  { memberNo, units, to, heard }: Use,
): Promise<{ readonly id: string; store(): Promise<void> }> {
  const { tx, now, terms, programme } = till;
  const id = newId();
  const member = useAtOnce(before, id, units, to, terms);
  const decided = redemptionOf(member, id);
  const { valueMinor } = sumOfParts(decided.takes.map(({ taken }) => taken));
  const [kind, partnerNo] =
    to.kind === 'DONATED' ? (['DONATION', to.charityNo] as const) : (['CASH_OUT', to.bankNo] as const);
  const redemption: RedemptionRecord = {
    ...{ id, memberNo, programmeNo: programme.no, kind, partnerNo, contractNo: null, reference: null },
    ...{
      channel: null,
      transactionId: null,
      state: 'CAPTURED',
      priceMinor: null,
      purchaseMinor: 0n,
      discountMinor: 0n,
    },
    ...{ units, valueMinor, capturedUnits: units, capturedMinor: valueMinor, feeMinor: 0n, feeTaxMinor: 0n },
    ...{ returnedUnits: 0n, returnedMinor: 0n, basketReturnedMinor: 0n },
    ...{ authorisedAt: now, expiresAt: now, resolvedAt: now },
  };
  insertRedemptions(tx, [{ record: redemption, decided }]);
  if (to.kind === 'CASHED_OUT' && heard !== undefined) {
    const cash = { redemptionId: id, memberNo, programmeNo: programme.no, bankNo: to.bankNo, valueMinor };
    await heard.by(tx, { ...cash, currencyCode: programme.currencyCode, card: heard.card });
  }
  return { id, store: () => storeChanged(till, lots, memberNo, member) };
}
