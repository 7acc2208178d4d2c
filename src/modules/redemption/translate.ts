/** Input of the API -> commands. Normalises only; what is wrong with it otherwise is decided there. */
import type { Principal } from '../../domain/access/principal.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { parseDecimal } from '../../domain/money/decimal.js';
import { type MoneyInput, parseMoney } from '../../graphql/money.js';
import type { ProgrammeRecord } from '../programmes/index.js';
import type { PayerInput } from '../transactions/index.js';
import type { Basket } from './authorising.js';
import type { PartOfIt } from './capture.js';
import type { NamedPayer } from './payer.js';
import type { RedemptionErrorCode } from './redemption.errors.js';
import type { RedemptionQuoteInput } from './redemption.graphql.js';

export const payerNamed = (payer: PayerInput | null | undefined): NamedPayer => ({
  memberId: payer?.memberId ?? undefined,
  memberCode: payer?.memberCode ?? undefined,
  cardToken: payer?.cardToken ?? undefined,
});

/** The partner that is named, or the caller when it is one. */
export const tillOf = (partnerCode: string | null | undefined, principal: Principal): string =>
  partnerCode ?? (principal.kind === 'PARTNER' ? principal.partnerCode : '');

export function unitsOf(text: string, { unitScale, unitCode }: ProgrammeRecord): Result<bigint, RedemptionErrorCode> {
  const units = parseDecimal(text, unitScale);
  return typeof units === 'bigint'
    ? ok(units)
    : fail('UNITS_NOT_POSITIVE', `${unitCode} has ${unitScale} decimals; give units above zero in them.`, 'units');
}

export function basketOf(
  input: RedemptionQuoteInput,
  principal: Principal,
  programme: ProgrammeRecord,
): Result<Basket, RedemptionErrorCode> {
  const { programmeCode, partnerCode, payer, purchase, discounts, units: text } = input;
  const price = parseMoney(purchase, programme.currencyCode, 'purchase');
  if (!price.ok) return price;
  const discount = optionalMoney(discounts, programme, 'discounts');
  if (!discount.ok) return discount;
  const units = text == null ? ok(undefined) : unitsOf(text, programme);
  if (!units.ok) return units;
  return ok({
    ...{ programmeCode, partnerCode: tillOf(partnerCode, principal), payer: payerNamed(payer) },
    ...{ purchaseMinor: price.value, discountMinor: discount.value ?? 0n, units: units.value },
  });
}

export function optionalMoney(
  input: MoneyInput | null | undefined,
  { currencyCode }: ProgrammeRecord,
  field: string,
): Result<bigint | undefined, RedemptionErrorCode> {
  return input == null ? ok(undefined) : parseMoney(input, currencyCode, field);
}

/** A part of a redemption: by units or by amount. */
export function partOfIt(
  { units: text, amount }: { units?: string | null; amount?: MoneyInput | null },
  programme: ProgrammeRecord,
): Result<PartOfIt, RedemptionErrorCode> {
  const units = text == null ? ok(undefined) : unitsOf(text, programme);
  if (!units.ok) return units;
  const minor = optionalMoney(amount, programme, 'amount');
  return minor.ok ? ok({ units: units.value, amountMinor: minor.value }) : minor;
}
