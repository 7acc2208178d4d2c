/** Erasing: what keeps a member, its receipt, and the one function that takes its data away. */
import type { OpenMoney } from '../../domain/privacy/open-money.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { birthdayOf } from '../members/index.js';
import type { ErasureEntity } from './erasure.entity.js';

const FIND_PROGRAMME = statement(
  'privacy.find-programme',
  'select no as "memberNo", programme_no as "programmeNo", birthday, birthday_sealed as "birthdaySealed" from member where id = $1',
);

export interface MemberNos {
  readonly memberNo: number;
  readonly programmeNo: number;
  /** MM-DD */
  readonly birthday: string | null;
}

export async function findMemberNos(tx: DbTransaction, memberId: string): Promise<MemberNos | undefined> {
  const [row] = await tx.run<MemberNos & { readonly birthdaySealed: Buffer | null }>(FIND_PROGRAMME, [memberId]);
  if (row === undefined) return undefined;
  const { birthdaySealed, ...nos } = row;
  return birthdaySealed === null ? nos : { ...nos, birthday: tx.secrets.open(birthdaySealed, birthdayOf(memberId)) };
}

const OPEN_MONEY = statement(
  'privacy.open-money',
  `select b.pending_units as "pendingUnits", b.held_units as "heldUnits", b.available_units as "availableUnits",
     b.receivable_minor as "receivableMinor",
     (select max(d.due_on) from due d where d.member_no = b.member_no and d.programme_no = $2) as "pendingUntil",
     (select count(*)::integer from member_debt d where d.member_no = b.member_no and d.units > 0) as "openDebts",
     (select count(*)::integer from adjustment a where a.member_no = b.member_no and a.state = 'PENDING') as "openAdjustments",
     (select count(*)::integer from partner_payout o where o.member_no = b.member_no and o.state = 'PENDING') as "openPayouts"
   from member_balance b where b.member_no = $1`,
);

/** Of a member that is locked. */
export async function findOpenMoney(tx: DbTransaction, memberNo: number, programmeNo: number): Promise<OpenMoney> {
  const [row] = await tx.run<OpenMoney>(OPEN_MONEY, [memberNo, programmeNo]);
  return row as OpenMoney;
}

const COLUMNS = `id, member_no as "memberNo", member_id as "memberId", programme_no as "programmeNo",
  erased_at as "erasedAt", requested_by as "requestedBy", forfeited_units as "forfeitedUnits", rows`;

const FIND = statement('privacy.find-erasure', `select ${COLUMNS} from erasure where member_no = $1`);

export async function findErasure(tx: DbTransaction, memberNo: number): Promise<ErasureEntity | undefined> {
  const [row] = await tx.run<ErasureEntity>(FIND, [memberNo]);
  return row;
}

const ERASE = statement(
  'privacy.erase',
  `insert into erasure (id, member_no, member_id, programme_no, erased_at, requested_by, forfeited_units, rows)
   select $1, m.no, m.id, m.programme_no, hansa_now(), $3, $4, hansa_erase(m.no) from member m where m.no = $2
   returning ${COLUMNS}`,
);

/** Takes the member's data away and writes the receipt. */
export async function erase(
  tx: DbTransaction,
  erasure: Pick<ErasureEntity, 'id' | 'memberNo' | 'requestedBy' | 'forfeitedUnits'>,
): Promise<ErasureEntity> {
  const { id, memberNo, requestedBy, forfeitedUnits } = erasure;
  const [row] = await tx.run<ErasureEntity>(ERASE, [id, memberNo, requestedBy, forfeitedUnits]);
  return row as ErasureEntity;
}
