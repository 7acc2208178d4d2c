/** How a contract version is decided and stored; the use cases of partner.service.ts call both in one transaction. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { parseDecimal } from '../../domain/money/decimal.js';
import { formatRate } from '../../domain/money/rate.js';
import { type AgreedTerms, checkContract } from '../../domain/partners/contract.js';
import { DEFAULT_SETTLEMENT_TERMS, type SettlementTerms } from '../../domain/partners/settlement-terms.js';
import { type MoneyInput, parseMoney } from '../../graphql/money.js';
import { newId } from '../../infrastructure/db/ids.js';
import { ProgrammeEntity } from '../programmes/index.js';
import { ContractEntity } from './contract.entity.js';
import type { PartnerEntity } from './partner.entity.js';
import type { PartnerErrorCode } from './partner.errors.js';

export interface AgreeContract extends Omit<AgreedTerms, 'minimumPayoutMinor' | 'settlement'> {
  readonly programmeCode: string;
  /** In the programme's currency; every amount is paid when absent. */
  readonly minimumPayout?: MoneyInput;
  /** What is absent is as DEFAULT_SETTLEMENT_TERMS says. */
  readonly settlement?: WantedSettlementTerms;
}

/** Settlement terms as a caller gives them: amounts as decimals of the programme's currency and unit. */
export interface WantedSettlementTerms
  extends Partial<
    Omit<SettlementTerms, 'clawbackLimitUnits' | 'depositMinor' | 'exposureCapMinor' | 'prepaidReorderMinor'>
  > {
  readonly clawbackLimit?: string;
  readonly deposit?: MoneyInput;
  readonly exposureCap?: MoneyInput;
  readonly prepaidReorder?: MoneyInput;
}

/** Agreed terms with the place in the row of versions that they take. */
interface DecidedContract {
  readonly programme: ProgrammeEntity;
  readonly version: number;
  readonly terms: AgreedTerms;
}

/** Loads what stands and decides; `partner` is undefined for one that is being onboarded, `path` leads to the input. */
export async function decideTerms(
  em: EntityManager,
  partner: PartnerEntity | undefined,
  command: AgreeContract,
  path = '',
): Promise<Result<DecidedContract, PartnerErrorCode>> {
  const decided = await decide(em, partner, command);
  if (decided.ok || path === '') return decided;
  const { field } = decided.failure;
  return { ok: false, failure: { ...decided.failure, field: field === undefined ? path : `${path}.${field}` } };
}

async function decide(
  em: EntityManager,
  partner: PartnerEntity | undefined,
  command: AgreeContract,
): Promise<Result<DecidedContract, PartnerErrorCode>> {
  const { programmeCode, minimumPayout, settlement: wanted = {}, ...rest } = command;
  const programme = await em.findOne(ProgrammeEntity, { code: programmeCode });
  if (programme === null)
    return fail('UNKNOWN_PROGRAMME', `There is no programme "${programmeCode}"; publish it first.`, 'programmeCode');
  const minimum = minimumPayout ? parseMoney(minimumPayout, programme.currencyCode, 'minimumPayout') : ok(0n);
  if (!minimum.ok) return minimum;
  const newest = partner && (await newestVersion(em, partner.id, programme.id));
  const settlement = settlementTerms(wanted, programme);
  if (!settlement.ok) return settlement;
  const terms = { ...rest, minimumPayoutMinor: minimum.value, settlement: settlement.value };
  const checked = checkContract(terms, newest?.effectiveFrom);
  if (!checked.ok) return checked;
  return ok({ programme, version: (newest?.version ?? 0) + 1, terms });
}

function settlementTerms(
  { clawbackLimit, deposit, exposureCap, prepaidReorder, ...rest }: WantedSettlementTerms,
  { currencyCode, unitScale }: ProgrammeEntity,
): Result<SettlementTerms, PartnerErrorCode> {
  const amounts: { depositMinor?: bigint; exposureCapMinor?: bigint; prepaidReorderMinor?: bigint } = {};
  for (const [field, amount] of Object.entries({ deposit, exposureCap, prepaidReorder })) {
    if (amount === undefined) continue;
    const minor = parseMoney(amount, currencyCode, `settlement.${field}`);
    if (!minor.ok) return minor;
    amounts[`${field}Minor` as keyof typeof amounts] = minor.value;
  }
  const limit = clawbackLimit === undefined ? undefined : parseDecimal(clawbackLimit, unitScale);
  if (limit !== undefined && typeof limit !== 'bigint')
    return fail(
      'TOO_MANY_UNIT_DECIMALS',
      `A unit of this programme has ${unitScale} decimals; ${clawbackLimit} does not fit.`,
      'settlement.clawbackLimit',
    );
  return ok({
    ...DEFAULT_SETTLEMENT_TERMS,
    ...rest,
    ...amounts,
    ...(limit !== undefined && { clawbackLimitUnits: limit }),
  });
}

const newestVersion = async (
  em: EntityManager,
  partnerId: string,
  programmeId: string,
): Promise<ContractEntity | undefined> =>
  (await em.find(ContractEntity, { partnerId, programmeId }, { orderBy: { version: 'desc' }, limit: 1 }))[0];

/** A version as stored, with the programme it belongs to. */
export interface AgreedContract {
  readonly contract: ContractEntity;
  readonly programme: ProgrammeEntity;
}

export function storeContract(
  em: EntityManager,
  partner: PartnerEntity,
  { programme, version, terms }: DecidedContract,
  now: Date,
): AgreedContract {
  const contract = em.create(ContractEntity, {
    id: newId(),
    partnerId: partner.id,
    programmeId: programme.id,
    version,
    effectiveFrom: terms.effectiveFrom,
    fundingShares: terms.fundingShares.map(({ party, share }) => ({ party, share: formatRate(share) })),
    commissionRate: formatRate(terms.commissionRate),
    taxCode: terms.taxCode,
    taxRate: formatRate(terms.taxRate),
    taxTreatment: terms.taxTreatment,
    minimumPayoutMinor: terms.minimumPayoutMinor,
    model: terms.model,
    refundReturnsCommission: terms.refundReturnsCommission,
    agreedAt: now,
    ...settlementColumns(terms.settlement),
  });
  return { contract, programme };
}

const settlementColumns = ({
  issuePrice,
  redemptionPrice,
  acceptanceFeeRate,
  settlementCurrency,
  ...same
}: SettlementTerms) => ({
  ...same,
  issuePrice: issuePrice ? formatRate(issuePrice) : null,
  redemptionPrice: redemptionPrice ? formatRate(redemptionPrice) : null,
  acceptanceFeeRate: formatRate(acceptanceFeeRate),
  settlementCurrencyCode: settlementCurrency ?? null,
});
