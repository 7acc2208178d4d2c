/** Reference rates and conversions: input -> command, result -> payload. */
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import type { GatewayContext } from '../../graphql/context.js';
import { toMoney } from '../../graphql/money.js';
import { BusinessDateScalar, CurrencyCodeScalar } from '../../graphql/scalars.js';
import {
  FxRate,
  FxRatesImportInput,
  FxRatesImportPayload,
  FxRevalueInput,
  FxRevaluePayload,
  FxUserError,
  SettlementConvertInput,
  SettlementConvertPayload,
} from './fx.graphql.js';
import type { FxService } from './fx.service.js';
import type { RevaluationService } from './revaluation.service.js';

@Resolver()
export class FxResolver {
  constructor(
    private readonly fx: FxService,
    private readonly revaluation: RevaluationService,
  ) {}

  @Query(() => FxRate, {
    nullable: true,
    description:
      'The reference rate by which a settlement issued on a day is converted: that of the last banking day before; null ' +
      'when it is not known.',
  })
  async fxRate(
    @Arg('from', () => CurrencyCodeScalar, { description: 'One unit of this currency.' }) from: string,
    @Arg('to', () => CurrencyCodeScalar, { description: 'In this currency.' }) to: string,
    @Arg('on', () => BusinessDateScalar, { description: 'The day of issue.' }) on: BusinessDate,
    @Ctx() { principal }: GatewayContext,
  ): Promise<FxRate | null> {
    return (await this.fx.rateBefore(principal, { from, to, on })) ?? null;
  }

  @Mutation(() => FxRatesImportPayload, {
    nullable: true,
    description: 'Takes reference rates in, all of a file or none. Doing it again changes nothing.',
  })
  async fxRatesImport(
    @Arg('input', () => FxRatesImportInput, { description: 'The file.' }) { text }: FxRatesImportInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<FxRatesImportPayload> {
    const result = await this.fx.importRates(principal, text);
    return result.ok ? { ...result.value, userErrors: [] } : { userErrors: FxUserError.from(result.failure) };
  }

  @Mutation(() => SettlementConvertPayload, {
    nullable: true,
    description:
      'Converts the lines of a settlement that are paid in another currency, as the gateway does by itself soon after ' +
      'the issue. Doing it again changes nothing.',
  })
  async settlementConvert(
    @Arg('input', () => SettlementConvertInput, { description: 'The settlement.' }) input: SettlementConvertInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<SettlementConvertPayload> {
    const result = await this.fx.convertSettlement(principal, input.settlementId);
    if (!result.ok) return { userErrors: FxUserError.from(result.failure) };
    return { converted: result.value.converted, userErrors: [] };
  }

  @Mutation(() => FxRevaluePayload, {
    nullable: true,
    description: 'Posts what FX clearing has gained or lost since its currencies came in.',
  })
  async fxRevalue(
    @Arg('input', () => FxRevalueInput, { description: 'The programme.' }) input: FxRevalueInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<FxRevaluePayload> {
    const result = await this.revaluation.revalue(principal, { ...input });
    if (!result.ok) return { userErrors: FxUserError.from(result.failure) };
    const { entryNo, differenceMinor, currencyCode } = result.value;
    return { entryNumber: entryNo, difference: toMoney(BigInt(differenceMinor), currencyCode), userErrors: [] };
  }
}
