/** Fields of a lot that need a read, the programme's scales, or its terms. */
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { type BusinessDate, businessDateIn } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { EntryKind } from '../../domain/ledger/entry.js';
import { formatDecimal } from '../../domain/money/decimal.js';
import { willBeGoneOn } from '../../domain/redemption/expiring.js';
import { openLot } from '../../domain/redemption/lot.js';
import type { RedemptionTerms } from '../../domain/redemption/model.js';
import { NOT_CLEARED } from '../../domain/transactions/restate.js';
import { type Connection, ConnectionArguments, connection } from '../../graphql/connection.js';
import type { GatewayContext, LoaderDefinition } from '../../graphql/context.js';
import { Money, toMoney } from '../../graphql/money.js';
import { BusinessDateScalar, DecimalScalar } from '../../graphql/scalars.js';
import { BALANCE_OF_MEMBER } from '../members/index.js';
import { PARTNER_BY_NO, Partner } from '../partners/index.js';
import type { ProgrammeRecord, PublishedTo } from '../programmes/index.js';
import type { LotEntity } from './lot.entity.js';
import {
  Lot,
  LotMovement,
  LotMovementConnection,
  LotMovementReason,
  LotState,
  type LotStateNow,
} from './lot.graphql.js';
import { ENTRY_OF_MOVEMENT, IS_PENDING, MOVEMENTS, MOVEMENTS_OF_LOT, POTS_OF_LOT } from './lot.loaders.js';
import type { StoredPot } from './stored-pot.js';

/** A programme today. */
export interface ProgrammeToday {
  readonly programme: ProgrammeRecord;
  readonly today: BusinessDate;
  /** Absent when none are in force. */
  readonly terms?: RedemptionTerms;
}

/** By the programme's number; once per request. */
export const programmesToday = (published: PublishedTo): LoaderDefinition<number, ProgrammeToday | undefined> => ({
  name: 'lots.programmes-today',
  async load(programmeNos, { em }) {
    const { programmes, now } = await published(em);
    return programmeNos.map((no) => {
      const programme = programmes.byNo(no);
      if (programme === undefined) return undefined;
      const today = businessDateIn(now, programme.timeZone);
      const terms = programmes.inForce(no, today)?.terms.redemption;
      return { programme, today, ...(terms && { terms }) };
    });
  },
});

export async function programmeToday(
  loader: LoaderDefinition<number, ProgrammeToday | undefined>,
  programmeNo: number,
  context: GatewayContext,
): Promise<ProgrammeToday> {
  const found = await context.loader(loader).load(programmeNo);
  invariant(found !== undefined, `programme ${programmeNo} of a lot is there`);
  return found;
}

/** A stored row as the kernel reckons with days and what is left; nothing else of it counts here. */
export const kernelLot = ({ id, accruedOn, availableOn, expiresOn, units, valueMinor }: LotEntity) =>
  openLot({ id, accruedOn, availableOn, units, valueMinor, ...(expiresOn && { expiresOn }) }, { kind: 'NEVER' });

@Resolver(() => Lot)
export class LotFieldsResolver {
  private readonly today: LoaderDefinition<number, ProgrammeToday | undefined>;

  constructor(published: PublishedTo) {
    this.today = programmesToday(published);
  }

  @FieldResolver(() => LotState, { description: 'What can be done with what is left.' })
  async state(@Root() { row }: Lot, @Ctx() context: GatewayContext): Promise<LotStateNow> {
    if (row.units === 0n) return 'USED_UP';
    const [pending, { today }] = await Promise.all([
      context.loader(IS_PENDING).load(row),
      programmeToday(this.today, row.programmeNo, context),
    ]);
    if (pending) return 'PENDING';
    const gone = await this.gone(row, context);
    return gone !== undefined && gone <= today ? 'EXPIRED' : 'AVAILABLE';
  }

  @FieldResolver(() => DecimalScalar, {
    description: 'Units that came in, less what was voided before they were there.',
  })
  async issued(@Root() { row }: Lot, @Ctx() context: GatewayContext): Promise<string> {
    const pots = await context.loader(POTS_OF_LOT).load(row);
    return this.units(
      row,
      pots.reduce((sum, { units }) => sum + units, row.units),
      context,
    );
  }

  @FieldResolver(() => DecimalScalar, { description: 'Units that are left, pending or available.' })
  async left(@Root() { row }: Lot, @Ctx() context: GatewayContext): Promise<string> {
    return this.units(row, row.units, context);
  }

  @FieldResolver(() => Money, { description: 'What is left, at the price of its issue.' })
  async value(@Root() { row }: Lot, @Ctx() context: GatewayContext): Promise<Money> {
    const { programme } = await programmeToday(this.today, row.programmeNo, context);
    return toMoney(row.valueMinor, programme.currencyCode);
  }

  @FieldResolver(() => DecimalScalar, { description: 'Units held by authorised redemptions.' })
  held(@Root() lot: Lot, @Ctx() context: GatewayContext): Promise<string> {
    return this.inPot(lot, 'RESERVED', context);
  }

  @FieldResolver(() => DecimalScalar, { description: 'Units redeemed, taken as fees, or used to repay a debt.' })
  spent(@Root() lot: Lot, @Ctx() context: GatewayContext): Promise<string> {
    return this.inPot(lot, 'SPENT', context);
  }

  @FieldResolver(() => DecimalScalar, { description: 'Units that went after the last day.' })
  expired(@Root() lot: Lot, @Ctx() context: GatewayContext): Promise<string> {
    return this.inPot(lot, 'EXPIRED', context);
  }

  @FieldResolver(() => BusinessDateScalar, {
    nullable: true,
    description: 'The day from which it can be spent; null while its purchase is not cleared.',
  })
  availableOn(@Root() { row }: Lot): BusinessDate | null {
    return row.availableOn === NOT_CLEARED ? null : row.availableOn;
  }

  @FieldResolver(() => BusinessDateScalar, {
    nullable: true,
    description: 'The first day on which it is gone, if the member does nothing; null when it stays.',
  })
  async goneFrom(@Root() { row }: Lot, @Ctx() context: GatewayContext): Promise<BusinessDate | null> {
    return (await this.gone(row, context)) ?? null;
  }

  @FieldResolver(() => Partner, {
    nullable: true,
    description: 'The partner that pays for it; null when the programme does, or when another partner asks.',
  })
  async funder(@Root() { row }: Lot, @Ctx() context: GatewayContext): Promise<Partner | null> {
    const { principal } = context;
    if (row.funderNo === 0 || (principal.kind === 'PARTNER' && principal.partnerNo !== row.funderNo)) return null;
    return (await context.loader(PARTNER_BY_NO).load(row.funderNo)) ?? null;
  }

  @FieldResolver(() => LotMovementConnection, {
    description: 'Where its units went, step by step, the first step first.',
  })
  movements(
    @Root() { row }: Lot,
    @Args(() => ConnectionArguments) args: ConnectionArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<LotMovement>> {
    const movements = context.loader(MOVEMENTS_OF_LOT);
    return connection(
      args,
      MOVEMENTS,
      (slice) => movements.load({ parent: row.id, slice }),
      (movement) => LotMovement.of(movement, row.programmeNo),
    );
  }

  private async gone(row: LotEntity, context: GatewayContext): Promise<BusinessDate | undefined> {
    const { terms } = await programmeToday(this.today, row.programmeNo, context);
    if (terms === undefined) return row.expiresOn ?? undefined;
    const balance = await context.loader(BALANCE_OF_MEMBER).load(row.memberNo);
    return willBeGoneOn(kernelLot(row), terms, balance?.lastActivityOn ?? undefined);
  }

  private async inPot({ row }: Lot, pot: StoredPot, context: GatewayContext): Promise<string> {
    const pots = await context.loader(POTS_OF_LOT).load(row);
    return this.units(row, pots.find((one) => one.pot === pot)?.units ?? 0n, context);
  }

  private async units({ programmeNo }: LotEntity, units: bigint, context: GatewayContext): Promise<string> {
    const { programme } = await programmeToday(this.today, programmeNo, context);
    return formatDecimal(units, programme.unitScale);
  }
}

const REASONS = new Map(Object.entries(EntryKind).map(([reason, kind]) => [kind as number, reason]));

/** Null where the journal is not the caller's to read: a bank sees that units moved, not why. */
@Resolver(() => LotMovement)
export class LotMovementResolver {
  private readonly today: LoaderDefinition<number, ProgrammeToday | undefined>;

  constructor(published: PublishedTo) {
    this.today = programmesToday(published);
  }

  @FieldResolver(() => DecimalScalar, { description: 'How many, in the reward unit.' })
  async units(@Root() { programmeNo, unitSteps }: LotMovement, @Ctx() context: GatewayContext): Promise<string> {
    const { programme } = await programmeToday(this.today, programmeNo, context);
    return formatDecimal(unitSteps, programme.unitScale);
  }

  @FieldResolver(() => BusinessDateScalar, {
    nullable: true,
    description: 'The day; null when the caller may not see the journal.',
  })
  async on(@Root() { entryNo }: LotMovement, @Ctx() context: GatewayContext): Promise<BusinessDate | null> {
    return (await context.loader(ENTRY_OF_MOVEMENT).load(entryNo))?.businessDate ?? null;
  }

  @FieldResolver(() => LotMovementReason, {
    nullable: true,
    description: 'Why; null when the caller may not see the journal.',
  })
  async because(@Root() { entryNo }: LotMovement, @Ctx() context: GatewayContext): Promise<string | null> {
    const entry = await context.loader(ENTRY_OF_MOVEMENT).load(entryNo);
    return (entry && REASONS.get(entry.kind)) ?? null;
  }

  @FieldResolver(() => Partner, {
    nullable: true,
    description: 'The partner at which they were redeemed or given back; null for other reasons.',
  })
  async redeemedAt(@Root() { entryNo }: LotMovement, @Ctx() context: GatewayContext): Promise<Partner | null> {
    const no = (await context.loader(ENTRY_OF_MOVEMENT).load(entryNo))?.redeemerNo;
    return no === null || no === undefined ? null : ((await context.loader(PARTNER_BY_NO).load(no)) ?? null);
  }
}
