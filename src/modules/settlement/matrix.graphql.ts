/** The bilateral matrix as the schema shows it. */
import { Field, ObjectType } from 'type-graphql';
import { formatDecimal } from '../../domain/money/decimal.js';
import type { MatrixCell, MatrixPurpose } from '../../domain/settlement/matrix.js';
import { enumType } from '../../graphql/enums.js';
import { Money, toMoney } from '../../graphql/money.js';
import { DecimalScalar } from '../../graphql/scalars.js';
import type { Notation } from './line.graphql.js';

export const MatrixPurposeEnum = enumType<MatrixPurpose>('MatrixPurpose', 'What units were used up for.', {
  CAPTURED: 'Redeemed at a partner, less what came back with returned baskets.',
  CASHED_OUT: 'Paid out to a card.',
  DONATED: 'Given to a charity.',
  EXPIRED: 'Expired.',
  WOUND_DOWN: 'Written off at the end of the programme.',
  FEES: 'Taken as dormancy fees.',
  REPAID: 'Repaid what members owed.',
  CLAWED_BACK: 'Taken by refunds in place of units that were spent; below zero where a refund undid an expiry.',
});

@ObjectType({
  description: 'One cell of the bilateral matrix: units that one party funded and that were used up at another.',
  simpleResolvers: true,
})
export class SettlementMatrixCell {
  /** Not published. */
  readonly funderNo!: number;
  readonly redeemerNo!: number;

  @Field(() => MatrixPurposeEnum, { description: 'What they were used up for.' })
  readonly purpose!: MatrixPurpose;

  @Field(() => DecimalScalar, { description: 'The units.' })
  readonly units!: string;

  @Field(() => Money, { description: 'What they were issued at.' })
  readonly value!: Money;

  static of(cell: MatrixCell, { currencyCode, unitScale }: Notation): SettlementMatrixCell {
    const { funderNo, redeemerNo, purpose, units, valueMinor } = cell;
    return Object.assign(new SettlementMatrixCell(), {
      funderNo,
      redeemerNo,
      purpose,
      units: formatDecimal(units, unitScale),
      value: toMoney(valueMinor, currencyCode),
    });
  }
}
