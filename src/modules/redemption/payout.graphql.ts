/** Cash-outs, donations and transfers as the schema shows them. */
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { formatDecimal } from '../../domain/money/decimal.js';
import { connectionOf } from '../../graphql/connection.js';
import { IdempotentInput } from '../../graphql/idempotent-input.js';
import { DateTimeScalar, DecimalScalar } from '../../graphql/scalars.js';
import { PayerInput } from '../transactions/index.js';
import { Redemption, type RedemptionNotation, RedemptionUserError } from './redemption.graphql.js';
import type { TransferRecord } from './redemption.sql.js';

@ObjectType({
  description: 'Units that one member gave to another; they keep their price and their last day.',
  simpleResolvers: true,
})
export class UnitsTransfer {
  /** Not published. */
  readonly row!: TransferRecord;

  @Field(() => ID, { description: 'The id, a UUID made by the gateway.' })
  readonly id!: string;

  @Field(() => String, { description: 'The programme whose units they are.' })
  readonly programmeCode!: string;

  @Field(() => DecimalScalar, { description: 'How many.' })
  readonly units!: string;

  @Field(() => String, { description: 'The unit of the programme.' })
  readonly unitCode!: string;

  @Field(() => DateTimeScalar, { description: 'When.' })
  readonly transferredAt!: Date;

  static of(row: TransferRecord, { code, unitCode, unitScale }: RedemptionNotation): UnitsTransfer {
    return Object.assign(new UnitsTransfer(), {
      ...{ id: row.id, row, programmeCode: code, unitCode, units: formatDecimal(row.units, unitScale) },
      transferredAt: row.transferredAt,
    });
  }
}

export const UnitsTransferConnection = connectionOf('UnitsTransfer', () => UnitsTransfer);

@InputType({ description: 'Units of a member that are to move out at once.' })
abstract class PayOutInput extends IdempotentInput {
  @Field(() => String, { description: 'The programme.' })
  programmeCode!: string;

  @Field(() => PayerInput, { nullable: true, description: 'Whose units; a member itself may leave it out.' })
  payer?: PayerInput | null;

  @Field(() => DecimalScalar, { description: 'How many.' })
  units!: string;
}

@InputType({ description: 'Units that are to be paid out to a linked card of the member, named by id or token.' })
export class CashOutInput extends PayOutInput {
  @Field(() => ID, { nullable: true, description: 'The card by its id.' })
  cardId?: string | null;

  @Field(() => String, { nullable: true, description: "The card by its issuer's token. Never a card number." })
  cardToken?: string | null;
}

@InputType({ description: 'Units that are to be given to a charity.' })
export class DonateInput extends PayOutInput {
  @Field(() => String, { description: 'The charity: a partner with that role.' })
  charityCode!: string;
}

@InputType({ description: 'Units that are to be given to another member of the programme.' })
export class UnitsTransferInput extends PayOutInput {
  @Field(() => String, { description: 'Code of the member who gets them.' })
  toMemberCode!: string;
}

@ObjectType({ description: 'The transfer, or why it was refused.', simpleResolvers: true })
export class UnitsTransferPayload {
  @Field(() => UnitsTransfer, { nullable: true, description: 'The transfer; null when it was refused or has to wait.' })
  readonly transfer?: UnitsTransfer;

  @Field(() => Redemption, {
    nullable: true,
    description: 'What holds the units while somebody looks at the transfer; null when nobody has to.',
  })
  readonly held?: Redemption;

  @Field(() => [RedemptionUserError], { description: 'Why it was refused; empty when it was not.' })
  readonly userErrors!: InstanceType<typeof RedemptionUserError>[];
}
