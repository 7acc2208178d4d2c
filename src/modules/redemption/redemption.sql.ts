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

// Sorted, so that two batches that share references wait for each other in one order.
const LOCK_REFERENCES = statement(
  'redemption.lock-references',
  `select pg_advisory_xact_lock(r.lock) from (
     select distinct hashtextextended('redemption/' || g.partner_no || '/' || g.reference, 0) as lock
     from unnest($1::integer[], $2::text[]) as g (partner_no, reference) order by 1
   ) as r`,
);
const FIND_BY_REFERENCES = statement(
  'redemption.find-by-references',
  `select ${COLUMNS}, body_hash as "bodyHash"
   from unnest($1::integer[], $2::text[]) as g (partner_no, reference) join redemption using (partner_no, reference)`,
);

/** What a partner calls a redemption, once for ever. */
export interface Reference {
  readonly partnerNo: number;
  readonly reference: string;
}

export type NamedRedemption = RedemptionRecord & Reference & { readonly bodyHash: Buffer };

/** Which of these names were given before. Of two concurrent batches with one name the second waits for the first. */
export async function claimReferences(tx: DbTransaction, names: readonly Reference[]): Promise<NamedRedemption[]> {
  if (names.length === 0) return [];
  const columns = [names.map(({ partnerNo }) => partnerNo), names.map(({ reference }) => reference)];
  tx.send(LOCK_REFERENCES, columns);
  return tx.run<NamedRedemption>(FIND_BY_REFERENCES, columns);
}

const FIND = statement('redemption.find', `select ${COLUMNS} from redemption where id = any ($1::uuid[])`);

/** As they are now; lock their members and ask again before deciding anything about them. */
export const findRedemptions = async (tx: DbTransaction, ids: readonly string[]): Promise<RedemptionRecord[]> =>
  ids.length === 0 ? [] : tx.run<RedemptionRecord>(FIND, [ids]);

/** One that is known to be there. */
export async function getRedemption(tx: DbTransaction, id: string): Promise<RedemptionRecord> {
  const [found] = await findRedemptions(tx, [id]);
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
  const rows = ids.length === 0 ? [] : await tx.run<TakeRow>(FIND_TAKES, [ids]);
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

const DELETE_TAKES = statement(
  'redemption.delete-takes',
  'delete from redemption_take where redemption_id = any ($1::uuid[])',
);
const INSERT_TAKES = statement(
  'redemption.insert-takes',
  `insert into redemption_take (redemption_id, member_no, line, lot_id, units, value_minor, commission_minor, tax_minor,
                                back_units, back_value_minor, back_commission_minor, back_tax_minor)
   select * from unnest($1::uuid[], $2::int[], $3::smallint[], $4::uuid[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
                        $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[])`,
);

/** A redemption to be written, with the lots it takes. */
export interface TakenRecord {
  readonly record: RedemptionRecord;
  readonly decided: Redemption;
}

function insertTakes(tx: DbTransaction, redemptions: readonly TakenRecord[]): void {
  const rows = redemptions.flatMap(({ record, decided }) =>
    decided.takes.map((take, line) => ({ id: record.id, memberNo: record.memberNo, line, ...take })),
  );
  if (rows.length === 0) return;
  tx.send(INSERT_TAKES, [
    rows.map(({ id }) => id),
    rows.map(({ memberNo }) => memberNo),
    rows.map(({ line }) => line),
    rows.map(({ lotId }) => lotId),
    rows.map(({ taken }) => taken.units),
    rows.map(({ taken }) => taken.valueMinor),
    rows.map(({ taken }) => taken.commissionMinor),
    rows.map(({ taken }) => taken.taxMinor),
    rows.map(({ givenBack }) => givenBack.units),
    rows.map(({ givenBack }) => givenBack.valueMinor),
    rows.map(({ givenBack }) => givenBack.commissionMinor),
    rows.map(({ givenBack }) => givenBack.taxMinor),
  ]);
}

/** Columns as arrays: of each row what `columnsOf` says, in its order. */
const columnsOf = <Row>(rows: readonly Row[], valuesOf: (row: Row) => readonly unknown[]): readonly unknown[][] => {
  const values = rows.map(valuesOf);
  return (values[0] ?? []).map((_, column) => values.map((row) => row[column]));
};

const INSERT = statement(
  'redemption.insert',
  `insert into redemption (id, member_no, programme_no, kind, partner_no, contract_no, reference, body_hash, channel,
     transaction_id, state, price_minor, purchase_minor, discount_minor, units, value_minor, captured_units, captured_minor,
     fee_minor, fee_tax_minor, authorised_at, expires_at, resolved_at)
   select * from unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::int[], $6::int[], $7::text[], $8::bytea[], $9::text[],
     $10::uuid[], $11::text[], $12::text[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[],
     $19::bigint[], $20::bigint[], $21::timestamptz[], $22::timestamptz[], $23::timestamptz[])`,
);

export interface NewRedemption extends TakenRecord {
  /** Of what was asked for under a reference. */
  readonly bodyHash?: Buffer | undefined;
}

/** New redemptions with the lots they take. */
export function insertRedemptions(tx: DbTransaction, redemptions: readonly NewRedemption[]): void {
  if (redemptions.length === 0) return;
  tx.send(
    INSERT,
    columnsOf(redemptions, ({ record, bodyHash }) => [
      ...[record.id, record.memberNo, record.programmeNo, record.kind, record.partnerNo, record.contractNo ?? null],
      ...[record.reference ?? null, bodyHash ?? null, record.channel ?? null, record.transactionId ?? null],
      ...[record.state, record.priceMinor, record.purchaseMinor, record.discountMinor, record.units],
      ...[record.valueMinor, record.capturedUnits, record.capturedMinor, record.feeMinor, record.feeTaxMinor],
      ...[record.authorisedAt, record.expiresAt, record.resolvedAt ?? null],
    ]),
  );
  insertTakes(tx, redemptions);
  for (const { record } of redemptions) {
    const type = record.state === 'AUTHORISED' ? 'redemption.authorised' : 'redemption.captured';
    tell(tx, record.kind === 'CASH_OUT' || record.kind === 'DONATION' ? 'units.paid_out' : type, record);
  }
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
  `update redemption r set state = g.state, transaction_id = g.transaction_id, purchase_minor = g.purchase,
     captured_units = g.captured_units, captured_minor = g.captured, fee_minor = g.fee, fee_tax_minor = g.fee_tax,
     returned_units = g.returned_units, returned_minor = g.returned, basket_returned_minor = g.basket, resolved_at = g.resolved_at
   from unnest($1::uuid[], $2::int[], $3::text[], $4::uuid[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[],
               $10::bigint[], $11::bigint[], $12::bigint[], $13::timestamptz[])
     as g (id, member_no, state, transaction_id, purchase, captured_units, captured, fee, fee_tax, returned_units, returned, basket,
           resolved_at)
   where r.id = g.id and r.member_no = g.member_no`,
);

export interface ChangedRedemption {
  readonly record: RedemptionRecord;
  /** The lots it takes, unless those are as they were. */
  readonly decided?: Redemption | undefined;
}

/** What became of redemptions. Their members are locked. */
export function updateRedemptions(tx: DbTransaction, changes: readonly ChangedRedemption[]): void {
  if (changes.length === 0) return;
  tx.send(
    UPDATE,
    columnsOf(changes, ({ record }) => [
      ...[record.id, record.memberNo, record.state, record.transactionId ?? null, record.purchaseMinor],
      ...[record.capturedUnits, record.capturedMinor, record.feeMinor, record.feeTaxMinor, record.returnedUnits],
      ...[record.returnedMinor, record.basketReturnedMinor, record.resolvedAt ?? null],
    ]),
  );
  const taken = changes.flatMap(({ record, decided }) => (decided === undefined ? [] : [{ record, decided }]));
  if (taken.length === 0) return;
  tx.send(DELETE_TAKES, [taken.map(({ record }) => record.id)]);
  insertTakes(tx, taken);
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

export function insertTransfer(tx: DbTransaction, transfer: TransferRecord): void {
  tx.send(INSERT_TRANSFER, [
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

const FIND_PURCHASES = statement(
  'redemption.find-purchases',
  `select t.id, t.member_no as "memberNo"
   from unnest($1::uuid[], $2::int[]) as g (id, member_no) join transaction t on t.id = g.id and t.member_no = g.member_no
   where t.kind = 'PURCHASE'`,
);

/** A purchase of a member. */
export interface PurchaseKey {
  readonly id: string;
  readonly memberNo: number;
}

/** Which of these members made which of these purchases. */
export const findPurchases = async (tx: DbTransaction, keys: readonly PurchaseKey[]): Promise<PurchaseKey[]> =>
  keys.length === 0
    ? []
    : tx.run<PurchaseKey>(FIND_PURCHASES, [keys.map(({ id }) => id), keys.map(({ memberNo }) => memberNo)]);
