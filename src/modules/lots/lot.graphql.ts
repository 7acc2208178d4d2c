/** Lots as the schema shows them: what a bank app needs to say which units there are, and where others went. */
import { ArgsType, Field, ID, ObjectType } from 'type-graphql';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import type { EntryKind } from '../../domain/ledger/entry.js';
import { ConnectionArguments, connectionOf } from '../../graphql/connection.js';
import { enumType } from '../../graphql/enums.js';
import { Money } from '../../graphql/money.js';
import { BusinessDateScalar, DecimalScalar } from '../../graphql/scalars.js';
import type { LotMovementEntity } from './lot.entity.js';
import type { LotRow } from './lot.loaders.js';
import type { ProgrammeToday } from './programme-today.js';
import type { StoredPot } from './stored-pot.js';

export type LotStateNow = 'PENDING' | 'AVAILABLE' | 'EXPIRED' | 'USED_UP';

export const LotState = enumType<LotStateNow>('LotState', 'What can be done with what is left of a lot today.', {
  PENDING: 'Its hold has not ended.',
  AVAILABLE: 'It can be spent.',
  EXPIRED: 'Its last day has passed; the next job takes it.',
  USED_UP: 'Nothing is left of it.',
});

const LotPot = enumType<StoredPot>('LotPot', 'Where units of a lot are.', {
  LEFT: 'Still in the lot: pending or available.',
  RESERVED: 'Held by an authorised redemption.',
  SPENT: 'Redeemed, taken as a fee, or used to repay a debt.',
  EXPIRED: 'Gone after the last day.',
  WRITTEN_OFF: 'Gone with the end of the programme.',
  CLAWED_BACK: 'Taken back by a refund.',
  MOVED_ON: 'In another lot: given to another member, or returned after the last day.',
});

type MovingKind = Extract<
  keyof typeof EntryKind,
  | 'REFUND'
  | 'CLAWBACK'
  | 'REPAYMENT'
  | 'AUTHORISATION'
  | 'CAPTURE'
  | 'RELEASE'
  | 'RETURN'
  | 'CASH_OUT'
  | 'DONATION'
  | 'EXPIRY'
  | 'TRANSFER'
  | 'DORMANCY_FEE'
  | 'WIND_DOWN'
  | 'ITEM'
>;

export const LotMovementReason = enumType<MovingKind>('LotMovementReason', 'Why units of a lot moved.', {
  REFUND: 'Their purchase was returned.',
  CLAWBACK: 'A purchase was returned whose units were spent.',
  REPAYMENT: 'They repaid what the member owed.',
  AUTHORISATION: 'A redemption was authorised.',
  CAPTURE: 'A redemption was captured.',
  RELEASE: 'A redemption was voided, timed out, or captured in part.',
  RETURN: 'A basket paid with them was returned.',
  CASH_OUT: 'They were paid out.',
  DONATION: 'They were given to a charity.',
  EXPIRY: 'Their last day had passed.',
  TRANSFER: 'They were given to another member.',
  DORMANCY_FEE: 'The member had done nothing for long.',
  WIND_DOWN: 'The programme had ended.',
  ITEM: 'They bought an item of the catalogue.',
});

@ObjectType({ description: 'Units of a lot that went from one place to another.', simpleResolvers: true })
export class LotMovement {
  /** The entry that recorded it; not published. */
  readonly entryNo!: bigint;

  /** Of the member; not published. */
  readonly programmeNo!: number;

  readonly unitSteps!: bigint;

  @Field(() => LotPot, { description: 'Where they were.' })
  readonly from!: StoredPot;

  @Field(() => LotPot, { description: 'Where they are since.' })
  readonly to!: StoredPot;

  static of({ entryNo, fromPot, toPot, units }: LotMovementEntity, programmeNo: number): LotMovement {
    return Object.assign(new LotMovement(), { entryNo, programmeNo, unitSteps: units, from: fromPot, to: toPot });
  }
}
export const LotMovementConnection = connectionOf('LotMovement', () => LotMovement);

@ObjectType({
  description: 'Units that came in together, with their price, their funder and their last day.',
  simpleResolvers: true,
})
export class Lot {
  /** The stored row, the programme today, and the day that dormancy counts from; not published. */
  readonly row!: LotRow;
  readonly at!: ProgrammeToday;
  readonly lastActivityOn!: BusinessDate | undefined;

  @Field(() => ID, { description: 'The id; that of its accrual when a purchase earned it.' })
  readonly id!: string;

  @Field(() => BusinessDateScalar, { description: 'The day of what earned it.' })
  readonly earnedOn!: BusinessDate;

  static of(row: LotRow, at: ProgrammeToday, lastActivityOn: BusinessDate | undefined): Lot {
    return Object.assign(new Lot(), { row, at, lastActivityOn, id: row.id, earnedOn: row.accruedOn });
  }
}
export const LotConnection = connectionOf('Lot', () => Lot);

@ObjectType({
  description: 'Units taken back by a refund when the member had spent them: what comes in next repays them.',
  simpleResolvers: true,
})
export class MemberDebt {
  /** Not published. */
  readonly memberNo!: number;

  @Field(() => BusinessDateScalar, { description: 'The day of the refund.' })
  readonly since!: BusinessDate;

  @Field(() => DecimalScalar, { description: 'What is still owed, in the reward unit.' })
  readonly units!: string;

  @Field(() => DecimalScalar, { description: 'What was owed at first.' })
  readonly issued!: string;

  @Field(() => Money, { description: 'What is still owed, at the price of the units that were spent.' })
  readonly value!: Money;
}

export const MemberDebtConnection = connectionOf('MemberDebt', () => MemberDebt);

@ArgsType()
export class MemberDebtsArguments extends ConnectionArguments {
  @Field(() => String, { description: 'Code of the programme.' })
  programmeCode!: string;
}

@ObjectType({ description: 'Units that will be gone on a day if the member does nothing.', simpleResolvers: true })
export class ExpiringUnits {
  @Field(() => BusinessDateScalar, { description: 'The first day on which they are gone.' })
  readonly on!: BusinessDate;

  @Field(() => DecimalScalar, { description: 'How many, in the reward unit.' })
  readonly units!: string;

  @Field(() => Money, { description: 'What they were worth when they were issued.' })
  readonly value!: Money;
}

@ObjectType({ description: 'A member who is to be told that units will be gone soon.', simpleResolvers: true })
export class ExpiryNotice extends ExpiringUnits {
  /** Not published. */
  readonly memberNo!: number;
}
export const ExpiryNoticeConnection = connectionOf('ExpiryNotice', () => ExpiryNotice);

@ArgsType()
export class ExpiryNoticesArguments extends ConnectionArguments {
  @Field(() => String, { description: 'Code of the programme.' })
  programmeCode!: string;

  @Field(() => BusinessDateScalar, {
    nullable: true,
    description: 'Units gone on or before this day; by the days of notice of the programme when absent.',
  })
  until?: BusinessDate | null;
}
