/** Fields of a lot that need a read, the programme's scales, or its terms. */
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { EntryKind } from '../../domain/ledger/entry.js';
import { formatDecimal } from '../../domain/money/decimal.js';
import { willBeGoneOn } from '../../domain/redemption/expiring.js';
import { openLot } from '../../domain/redemption/lot.js';
import { NOT_CLEARED } from '../../domain/transactions/restate.js';
import { type Connection, ConnectionArguments, connection } from '../../graphql/connection.js';
import type { GatewayContext, LoaderDefinition } from '../../graphql/context.js';
import { Money, toMoney } from '../../graphql/money.js';
import { BusinessDateScalar, DecimalScalar } from '../../graphql/scalars.js';
import { PARTNER_BY_NO, Partner } from '../partners/index.js';
import type { PublishedTo } from '../programmes/index.js';
import type { LotEntity } from './lot.entity.js';
import {
  Lot,
  LotMovement,
  LotMovementConnection,
  LotMovementReason,
  LotState,
  type LotStateNow,
} from './lot.graphql.js';
import { ENTRY_OF_MOVEMENT, MOVEMENTS, MOVEMENTS_OF_LOT, POTS_OF_LOT } from './lot.loaders.js';
import { type ProgrammeToday, programmesToday, programmeToday } from './programme-today.js';
import type { StoredPot } from './stored-pot.js';

/** A stored row as the kernel reckons with days and what is left; nothing else of it counts here. */
export const kernelLot = (row: Pick<LotEntity, KernelProperty>) => {
  const { id, accruedOn, availableOn, expiresOn, units, valueMinor } = row;
  return openLot({ id, accruedOn, availableOn, units, valueMinor, ...(expiresOn && { expiresOn }) }, { kind: 'NEVER' });
};

type KernelProperty = 'id' | 'accruedOn' | 'availableOn' | 'expiresOn' | 'units' | 'valueMinor';

@Resolver(() => Lot)
export class LotFieldsResolver {
  @FieldResolver(() => LotState, { description: 'What can be done with what is left.' })
  state(@Root() lot: Lot): LotStateNow {
    const { row, at } = lot;
    if (row.units === 0n) return 'USED_UP';
    if (row.isPending) return 'PENDING';
    const gone = goneFrom(lot);
    return gone !== undefined && gone <= at.today ? 'EXPIRED' : 'AVAILABLE';
  }

  @FieldResolver(() => DecimalScalar, {
    description: 'Units that came in, less what was voided before they were there.',
  })
  issued(@Root() lot: Lot): string {
    return shown(lot, lot.row.units + BigInt(lot.row.gone));
  }

  @FieldResolver(() => DecimalScalar, { description: 'Units that are left, pending or available.' })
  left(@Root() lot: Lot): string {
    return shown(lot, lot.row.units);
  }

  @FieldResolver(() => Money, { description: 'What is left, at the price of its issue.' })
  value(@Root() { row, at }: Lot): Money {
    return toMoney(row.valueMinor, at.programme.currencyCode);
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
  goneFrom(@Root() lot: Lot): BusinessDate | null {
    return goneFrom(lot) ?? null;
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

  private async inPot(lot: Lot, pot: StoredPot, context: GatewayContext): Promise<string> {
    const pots = await context.loader(POTS_OF_LOT).load(lot.row);
    return shown(lot, pots.find((one) => one.pot === pot)?.units ?? 0n);
  }
}

const shown = ({ at }: Lot, units: bigint): string => formatDecimal(units, at.programme.unitScale);

function goneFrom({ row, at: { terms }, lastActivityOn }: Lot): BusinessDate | undefined {
  return terms === undefined ? (row.expiresOn ?? undefined) : willBeGoneOn(kernelLot(row), terms, lastActivityOn);
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
