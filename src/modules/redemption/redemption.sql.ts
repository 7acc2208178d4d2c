/** Redemptions and transfers: found and claimed before a decision, written after it. */
import type { EventType } from '../../domain/events/event-type.js';
import { invariant } from '../../domain/kernel/invariant.js';
import type { Redemption, Take } from '../../domain/redemption/member-lots.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { recordEvents } from '../events/index.js';
import type { RedemptionEntity, UnitTransferEntity } from './redemption.entity.js';

/** A redemption as stored; what identifies a repeated request stays in the table. */
export type RedemptionRecord = Omit<RedemptionEntity, 'bodyHash'>;
export type TransferRecord = UnitTransferEntity;

const COLUMNS = `id, member_no as "memberNo", programme_no as "programmeNo", kind, partner_no as "partnerNo",
  contract_no as "contractNo", reference, channel, transaction_id as "transactionId", state, price_minor as "priceMinor",
  purchase_minor as "purchaseMinor", discount_minor as "discountMinor", units, value_minor as "valueMinor",
  captured_units as "capturedUnits", captured_minor as "capturedMinor", fee_minor as "feeMinor",
  fee_tax_minor as "feeTaxMinor", returned_units as "returnedUnits", returned_minor as "returnedMinor",
  basket_returned_minor as "basketReturnedMinor", authorised_at as "authorisedAt", expires_at as "expiresAt",
  resolved_at as "resolvedAt"`;

const LOCK_REFERENCE = statement(
  'redemption.lock-reference',
  `select pg_advisory_xact_lock(hashtextextended('redemption/' || $1::integer || '/' || $2, 0))`,
);
const FIND_BY_REFERENCE = statement(
  'redemption.find-by-reference',
  `select ${COLUMNS}, body_hash as "bodyHash" from redemption where partner_no = $1 and reference = $2`,
);

/** What the partner named so before. Of two concurrent calls for one reference the second waits for the first. */
export async function claimReference(
  tx: DbTransaction,
  partnerNo: number,
  reference: string,
): Promise<(RedemptionRecord & { readonly bodyHash: Buffer }) | undefined> {
  await tx.run(LOCK_REFERENCE, [partnerNo, reference]);
  const [known] = await tx.run<RedemptionRecord & { bodyHash: Buffer }>(FIND_BY_REFERENCE, [partnerNo, reference]);
  return known;
}

const FIND = statement('redemption.find', `select ${COLUMNS} from redemption where id = $1`);

/** As it is now; lock its member and ask again before deciding anything about it. */
export async function findRedemption(tx: DbTransaction, id: string): Promise<RedemptionRecord | undefined> {
  const [found] = await tx.run<RedemptionRecord>(FIND, [id]);
  return found;
}

/** One that is known to be there. */
export async function getRedemption(tx: DbTransaction, id: string): Promise<RedemptionRecord> {
  const found = await findRedemption(tx, id);
  invariant(found !== undefined, 'a redemption never goes away');
  return found;
}

const FIND_TAKES = statement(
  'redemption.find-takes',
  `select redemption_id as "redemptionId", lot_id as "lotId", units, value_minor as "valueMinor", commission_minor as "commissionMinor",
          tax_minor as "taxMinor", back_units as "backUnits", back_value_minor as "backValueMinor",
          back_commission_minor as "backCommissionMinor", back_tax_minor as "backTaxMinor"
   from redemption_take where redemption_id = any ($1::uuid[]) order by redemption_id, line`,
);

interface TakeRow {
  readonly redemptionId: string;
  readonly lotId: string;
  readonly units: bigint;
  readonly valueMinor: bigint;
  readonly commissionMinor: bigint;
  readonly taxMinor: bigint;
  readonly backUnits: bigint;
  readonly backValueMinor: bigint;
  readonly backCommissionMinor: bigint;
  readonly backTaxMinor: bigint;
}

/** What each of these redemptions holds or has used, in the order of consumption. */
export async function findTakes(tx: DbTransaction, ids: readonly string[]): Promise<ReadonlyMap<string, Take[]>> {
  const rows = await tx.run<TakeRow>(FIND_TAKES, [ids]);
  return new Map(
    [...Map.groupBy(rows, ({ redemptionId }) => redemptionId)].map(([id, takes]) => [id, takes.map(takeOf)]),
  );
}

const takeOf = (row: TakeRow): Take => ({
  lotId: row.lotId,
  taken: { units: row.units, valueMinor: row.valueMinor, commissionMinor: row.commissionMinor, taxMinor: row.taxMinor },
  givenBack: {
    units: row.backUnits,
    valueMinor: row.backValueMinor,
    commissionMinor: row.backCommissionMinor,
    taxMinor: row.backTaxMinor,
  },
});

const DELETE_TAKES = statement('redemption.delete-takes', 'delete from redemption_take where redemption_id = $1');
const INSERT_TAKES = statement(
  'redemption.insert-takes',
  `insert into redemption_take (redemption_id, member_no, line, lot_id, units, value_minor, commission_minor, tax_minor,
                                back_units, back_value_minor, back_commission_minor, back_tax_minor)
   select $1, $2, t.line - 1, t.lot_id, t.units, t.value_minor, t.commission_minor, t.tax_minor, t.back_units, t.back_value,
          t.back_commission, t.back_tax
   from unnest($3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[],
               $11::bigint[])
     with ordinality as t (lot_id, units, value_minor, commission_minor, tax_minor, back_units, back_value, back_commission,
                           back_tax, line)`,
);

const insertTakes = (tx: DbTransaction, memberNo: number, { id, takes }: Redemption): Promise<unknown> =>
  tx.run(INSERT_TAKES, [
    id,
    memberNo,
    takes.map(({ lotId }) => lotId),
    takes.map(({ taken }) => taken.units),
    takes.map(({ taken }) => taken.valueMinor),
    takes.map(({ taken }) => taken.commissionMinor),
    takes.map(({ taken }) => taken.taxMinor),
    takes.map(({ givenBack }) => givenBack.units),
    takes.map(({ givenBack }) => givenBack.valueMinor),
    takes.map(({ givenBack }) => givenBack.commissionMinor),
    takes.map(({ givenBack }) => givenBack.taxMinor),
  ]);

const INSERT = statement(
  'redemption.insert',
  `insert into redemption (id, member_no, programme_no, kind, partner_no, contract_no, reference, body_hash, channel,
     transaction_id, state, price_minor, purchase_minor, discount_minor, units, value_minor, captured_units, captured_minor,
     fee_minor, fee_tax_minor, authorised_at, expires_at, resolved_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`,
);

/** A new redemption with the lots it takes. */
export async function insertRedemption(
  tx: DbTransaction,
  record: RedemptionRecord,
  bodyHash: Buffer | undefined,
  decided: Redemption,
): Promise<void> {
  await tx.run(INSERT, [
    ...[record.id, record.memberNo, record.programmeNo, record.kind, record.partnerNo, record.contractNo ?? null],
    ...[record.reference ?? null, bodyHash ?? null, record.channel ?? null, record.transactionId ?? null, record.state],
    ...[record.priceMinor, record.purchaseMinor, record.discountMinor, record.units, record.valueMinor],
    ...[record.capturedUnits, record.capturedMinor, record.feeMinor, record.feeTaxMinor],
    ...[record.authorisedAt, record.expiresAt, record.resolvedAt ?? null],
  ]);
  await insertTakes(tx, record.memberNo, decided);
  const type = record.state === 'AUTHORISED' ? 'redemption.authorised' : 'redemption.captured';
  tell(tx, record.kind === 'CASH_OUT' || record.kind === 'DONATION' ? 'units.paid_out' : type, record);
}

/** Told to the member, its banks, and where the units are used. */
export const tell = (
  tx: DbTransaction,
  type: EventType,
  { id, memberNo, programmeNo, partnerNo }: RedemptionRecord,
): void =>
  recordEvents(tx, [{ type, programmeNo, memberNo, partnerNos: partnerNo > 0 ? [partnerNo] : [], subjectId: id }]);

const UPDATE = statement(
  'redemption.update',
  `update redemption set state = $2, transaction_id = $3, purchase_minor = $4, captured_units = $5, captured_minor = $6,
     fee_minor = $7, fee_tax_minor = $8, returned_units = $9, returned_minor = $10, basket_returned_minor = $11, resolved_at = $12
   where id = $1`,
);

/** What became of one, and of the lots it took unless those are as they were. The member is locked. */
export async function updateRedemption(
  tx: DbTransaction,
  record: RedemptionRecord,
  decided?: Redemption,
): Promise<void> {
  await tx.run(UPDATE, [
    ...[record.id, record.state, record.transactionId ?? null, record.purchaseMinor, record.capturedUnits],
    ...[record.capturedMinor, record.feeMinor, record.feeTaxMinor, record.returnedUnits, record.returnedMinor],
    ...[record.basketReturnedMinor, record.resolvedAt ?? null],
  ]);
  if (decided === undefined) return;
  await tx.run(DELETE_TAKES, [record.id]);
  if (decided.takes.length > 0) await insertTakes(tx, record.memberNo, decided);
}

type LapsedKey = Pick<RedemptionRecord, 'id' | 'memberNo'>;

// A member's units go back in the order in which they were held, which is that of the ids: time is counted from the
// request, and of two at once the later one may have got the member's lock first. Which lot repays a debt depends on it.
const FIND_LAPSED = statement(
  'redemption.find-lapsed',
  `with lapsed as materialized (
     select id, member_no as "memberNo" from redemption
     where programme_no = $1 and state = 'AUTHORISED' and expires_at <= hansa_now()
   )
   select * from lapsed order by id limit $2`,
);

/** Authorisations whose time is over, those that hold units for longest first. */
export const findLapsed = (tx: DbTransaction, programmeNo: number, limit: number): Promise<LapsedKey[]> =>
  tx.run<LapsedKey>(FIND_LAPSED, [programmeNo, limit]);

const INSERT_TRANSFER = statement(
  'redemption.insert-transfer',
  `insert into unit_transfer (id, from_member_no, to_member_no, programme_no, units, transferred_at)
   values ($1, $2, $3, $4, $5, $6)`,
);

export async function insertTransfer(tx: DbTransaction, transfer: TransferRecord): Promise<void> {
  await tx.run(INSERT_TRANSFER, [
    transfer.id,
    transfer.fromMemberNo,
    transfer.toMemberNo,
    transfer.programmeNo,
    transfer.units,
    transfer.transferredAt,
  ]);
  const { id: subjectId, programmeNo, fromMemberNo, toMemberNo } = transfer;
  const members = [fromMemberNo, toMemberNo];
  recordEvents(
    tx,
    members.map((memberNo) => ({ type: 'units.transferred', programmeNo, memberNo, subjectId })),
  );
}

const FIND_TRANSFER = statement(
  'redemption.find-transfer',
  `select id, from_member_no as "fromMemberNo", to_member_no as "toMemberNo", programme_no as "programmeNo", units,
          transferred_at as "transferredAt"
   from unit_transfer where id = $1`,
);

export async function findTransfer(tx: DbTransaction, id: string): Promise<TransferRecord | undefined> {
  const [found] = await tx.run<TransferRecord>(FIND_TRANSFER, [id]);
  return found;
}

const HAS_PURCHASE = statement(
  'redemption.has-purchase',
  `select from transaction where id = $1 and member_no = $2 and kind = 'PURCHASE'`,
);

/** Whether the member made the purchase of that id. */
export const hasPurchase = async (tx: DbTransaction, id: string, memberNo: number): Promise<boolean> =>
  (await tx.run(HAS_PURCHASE, [id, memberNo])).length > 0;

const FIND_PAYER = statement(
  'redemption.find-payer',
  `select m.no, m.id, m.status,
          array(select distinct c.issuer_no from card c
                where c.member_no = m.no and c.unlinked_at is null and hansa_shared_with(m.no, c.issuer_no)) as issuers
   from member m
   where m.programme_no = $1
     and (m.id = $2::uuid or m.code = $3
          or m.no = (select c.member_no from card c where c.programme_no = $1 and c.token = $4 and c.unlinked_at is null))`,
);

/** A member with the banks whose cards it has linked and which may act on its behalf: what it shares with them. */
export interface PayerRecord {
  readonly no: number;
  readonly id: string;
  readonly status: 'ACTIVE' | 'CLOSED';
  readonly issuers: readonly number[];
}

export async function findPayer(
  tx: DbTransaction,
  programmeNo: number,
  by: { readonly id?: string; readonly code?: string; readonly cardToken?: string },
): Promise<PayerRecord | undefined> {
  const [found] = await tx.run<PayerRecord>(FIND_PAYER, [
    programmeNo,
    by.id ?? null,
    by.code ?? null,
    by.cardToken ?? null,
  ]);
  return found;
}

const FIND_ISSUER = statement(
  'redemption.find-issuer',
  `select issuer_no as "issuerNo" from card
   where member_no = $1 and unlinked_at is null and (id = $2::uuid or token = $3)`,
);

/** The bank of a linked card of the member. */
export async function findIssuer(
  tx: DbTransaction,
  memberNo: number,
  by: { readonly cardId?: string; readonly cardToken?: string },
): Promise<number | undefined> {
  const [card] = await tx.run<{ issuerNo: number }>(FIND_ISSUER, [memberNo, by.cardId ?? null, by.cardToken ?? null]);
  return card?.issuerNo;
}
