/** Partners' invoices as the schema shows them. */
import { ArgsType, Field, InputType, ObjectType } from 'type-graphql';
import { ConnectionArguments, connectionOf } from '../../graphql/connection.js';
import { IdempotentInput } from '../../graphql/idempotent-input.js';
import { Money, MoneyInput, toMoney } from '../../graphql/money.js';
import { NodeInterface } from '../../graphql/node.js';
import { BusinessDateScalar, DateTimeScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import type { ServiceChargeEntity } from './service-charge.entity.js';
import { SERVICE_CHARGE_ERRORS, type ServiceChargeErrorCode } from './service-charge.errors.js';

@ObjectType({
  implements: NodeInterface,
  description: 'An invoice of a partner for what it supplies to a programme. Its net stands in the redemptions.',
  simpleResolvers: true,
})
export class ServiceCharge extends NodeInterface {
  /** Not published. */
  readonly partnerNo!: number;

  @Field(() => String, { description: 'The number that stands on the invoice.' })
  readonly invoiceNumber!: string;

  @Field(() => BusinessDateScalar, { description: 'The day of the invoice.' })
  readonly invoicedOn!: string;

  @Field(() => Money, { description: 'Its net.' })
  readonly net!: Money;

  @Field(() => String, { description: 'Name of the tax.' })
  readonly taxCode!: string;

  @Field(() => Money, { description: 'The tax on it, which the partner is owed with its next statement.' })
  readonly tax!: Money;

  @Field(() => DateTimeScalar, { description: 'When it was recorded.' })
  readonly recordedAt!: Date;

  static of(row: ServiceChargeEntity, currencyCode: string): ServiceCharge {
    return Object.assign(new ServiceCharge(), {
      id: row.id,
      partnerNo: row.partnerNo,
      invoiceNumber: row.invoiceNumber,
      invoicedOn: row.invoicedOn,
      net: toMoney(row.netMinor, currencyCode),
      taxCode: row.taxCode,
      tax: toMoney(row.taxMinor, currencyCode),
      recordedAt: row.recordedAt,
    });
  }
}

export const ServiceChargeConnection = connectionOf('ServiceCharge', () => ServiceCharge);

@ArgsType()
export class ServiceChargeArguments extends ConnectionArguments {
  @Field(() => String, { description: 'The code of the programme.' })
  programmeCode!: string;
}

export const ServiceChargeUserError = userErrorType<ServiceChargeErrorCode>('ServiceCharge', SERVICE_CHARGE_ERRORS);
export type ServiceChargeUserError = InstanceType<typeof ServiceChargeUserError>;

@InputType({ description: 'An invoice of a partner, as it stands on paper.' })
export class ServiceChargeRecordInput extends IdempotentInput {
  @Field(() => String, { description: 'The code of the programme.' })
  programmeCode!: string;

  @Field(() => String, { description: 'The code of the partner whose invoice it is.' })
  partnerCode!: string;

  @Field(() => String, { description: 'The number that stands on it; each is recorded once.' })
  invoiceNumber!: string;

  @Field(() => BusinessDateScalar, { description: 'Its day.' })
  invoicedOn!: string;

  @Field(() => MoneyInput, { description: 'Its net.' })
  net!: MoneyInput;

  @Field(() => String, { description: 'Name of the tax, such as "VAT-20".' })
  taxCode!: string;

  @Field(() => MoneyInput, { description: 'The tax on it.' })
  tax!: MoneyInput;
}

@ObjectType({ description: 'The invoice as it was recorded, or why it was refused.', simpleResolvers: true })
export class ServiceChargePayload {
  @Field(() => ServiceCharge, { nullable: true, description: 'The invoice; null when it was refused.' })
  readonly serviceCharge?: ServiceCharge | null;

  @Field(() => [ServiceChargeUserError], { description: 'Why nothing was done; empty when it was.' })
  readonly userErrors!: readonly ServiceChargeUserError[];
}
