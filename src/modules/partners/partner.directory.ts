/**
 * All partners, outlets and contracts, as decisions see them: an immutable answer to "who is this merchant
 * id" and "which contract was in force that day". Reference data is small, so it is loaded whole.
 */
import type { Channel, ContractShare, ContractTerms } from '../../domain/earning/model.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { currencyScale } from '../../domain/money/currency.js';
import type { Rate } from '../../domain/money/rate.js';
import { stepPriceMinor } from '../../domain/money/unit-price.js';
import { storedRate } from '../../domain/partners/contract.js';
import type { PartnerRole, PartnerStatus } from '../../domain/partners/partner.js';
import type { SettlementTerms } from '../../domain/partners/settlement-terms.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import {
  type ContractRow,
  FIND_PARTNER,
  LOAD_CONTRACTS,
  LOAD_MERCHANT_IDS,
  LOAD_OUTLETS,
  LOAD_PARTNERS,
  type OutletRow,
  type PartnerRow,
} from './partner.sql.js';

export interface PartnerRecord {
  readonly id: string;
  /** The ledger's party number. */
  readonly no: number;
  readonly code: string;
  readonly name: string;
  readonly roles: readonly PartnerRole[];
  readonly status: PartnerStatus;
}

export interface OutletRecord {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly partnerNo: number;
  readonly partnerCode: string;
  readonly channel: Channel;
  readonly mcc?: string;
}

/** A contract version with what redeeming and settling need besides the terms of earning. */
export interface ContractRecord extends ContractTerms {
  readonly id: string;
  readonly programmeNo: number;
  readonly version: number;
  /** Names the tax in statements, e.g. "VAT-20". */
  readonly taxCode: string;
  /** Owed amounts below this are carried to the next settlement. Programme currency, minor units. */
  readonly minimumPayoutMinor: bigint;
  /** Money minor units per step when units are redeemed at this partner; the programme's price when absent. */
  readonly redemptionPriceMinor?: Rate;
  readonly settlement: SettlementTerms;
}

/** What the directory is made of; `contracts` in any order. */
export interface DirectoryParts {
  readonly partners: readonly PartnerRecord[];
  readonly outlets: readonly OutletRecord[];
  /** [merchant id, outlet id] */
  readonly merchantIds: readonly (readonly [string, string])[];
  readonly contracts: readonly ContractRecord[];
}

export class PartnerDirectory {
  private readonly partners: readonly PartnerRecord[];
  private readonly byPartnerCode: ReadonlyMap<string, PartnerRecord>;
  private readonly byPartnerNo: ReadonlyMap<number, PartnerRecord>;
  private readonly outletsById: ReadonlyMap<string, OutletRecord>;
  private readonly outletsByCode: ReadonlyMap<string, OutletRecord>;
  private readonly outletsByMerchantId: ReadonlyMap<string, OutletRecord>;
  private readonly contractsByNo: ReadonlyMap<number, ContractRecord>;
  /** Newest first, so that the first one already in force is the answer. */
  private readonly contractsByParties: ReadonlyMap<string, readonly ContractRecord[]>;

  constructor(parts: DirectoryParts) {
    this.partners = Object.freeze([...parts.partners]);
    this.byPartnerCode = new Map(parts.partners.map((partner) => [partner.code, partner]));
    this.byPartnerNo = new Map(parts.partners.map((partner) => [partner.no, partner]));
    this.outletsById = new Map(parts.outlets.map((outlet) => [outlet.id, outlet]));
    this.outletsByCode = new Map(parts.outlets.map((outlet) => [`${outlet.partnerCode}/${outlet.code}`, outlet]));
    this.outletsByMerchantId = new Map(
      parts.merchantIds.map(([merchantId, outletId]) => {
        const outlet = this.outletsById.get(outletId);
        invariant(outlet !== undefined, `merchant id ${merchantId} names a missing outlet`);
        return [merchantId, outlet];
      }),
    );
    this.contractsByNo = new Map(parts.contracts.map((contract) => [contract.no, contract]));
    this.contractsByParties = new Map(
      Array.from(
        Map.groupBy(parts.contracts, (contract) => parties(contract.partnerNo, contract.programmeNo)),
        ([key, contracts]) => [key, contracts.sort(newestFirst)],
      ),
    );
  }

  byCode(code: string): PartnerRecord | undefined {
    return this.byPartnerCode.get(code);
  }

  byNo(no: number): PartnerRecord | undefined {
    return this.byPartnerNo.get(no);
  }

  /** Every partner, by number. */
  all(): readonly PartnerRecord[] {
    return this.partners;
  }

  /** Every outlet of every partner. */
  outlets(): readonly OutletRecord[] {
    return [...this.outletsById.values()];
  }

  outletById(id: string): OutletRecord | undefined {
    return this.outletsById.get(id);
  }

  outlet(partnerCode: string, outletCode: string): OutletRecord | undefined {
    return this.outletsByCode.get(`${partnerCode}/${outletCode}`);
  }

  /** The outlet an acquirer's merchant id names, exactly as registered. */
  outletByMerchantId(merchantId: string): OutletRecord | undefined {
    return this.outletsByMerchantId.get(merchantId);
  }

  /** The version in force on a day: the highest effective_from on or before it, then the highest version. */
  contractOn(partnerNo: number, programmeNo: number, date: BusinessDate): ContractRecord | undefined {
    return this.contractsByParties
      .get(parties(partnerNo, programmeNo))
      ?.find((contract) => contract.effectiveFrom <= date);
  }

  /** Whether the partner has agreed to any contract of a programme, whenever it starts. */
  hasContractIn(partnerNo: number, programmeNo: number): boolean {
    return this.contractsByParties.has(parties(partnerNo, programmeNo));
  }

  contractByNo(no: number): ContractRecord | undefined {
    return this.contractsByNo.get(no);
  }
}

const parties = (partnerNo: number, programmeNo: number): string => `${partnerNo}/${programmeNo}`;

const newestFirst = (a: ContractRecord, b: ContractRecord): number =>
  a.effectiveFrom === b.effectiveFrom ? b.version - a.version : a.effectiveFrom < b.effectiveFrom ? 1 : -1;

/** Everything about partners, as committed now. Four reads; the caller caches it by `reference_epoch`. */
export async function loadPartners(tx: DbTransaction): Promise<PartnerDirectory> {
  const partners = await tx.run<PartnerRow>(LOAD_PARTNERS);
  const outlets = await tx.run<OutletRow>(LOAD_OUTLETS);
  const merchantIds = await tx.run<{ merchant_id: string; outlet_id: string }>(LOAD_MERCHANT_IDS);
  const contracts = await tx.run<ContractRow>(LOAD_CONTRACTS);
  return new PartnerDirectory({
    partners: partners.map(partnerOf),
    outlets: outlets.map(outletOf),
    merchantIds: merchantIds.map((row) => [row.merchant_id, row.outlet_id]),
    contracts: contracts.map(contractOf),
  });
}

/** One partner as committed now, for commands that need no more of the directory. */
export async function findPartner(tx: DbTransaction, code: string): Promise<PartnerRecord | undefined> {
  const [row] = await tx.run<PartnerRow>(FIND_PARTNER, [code]);
  return row && partnerOf(row);
}

const partnerOf = (row: PartnerRow): PartnerRecord => ({
  ...row,
  roles: row.roles as PartnerRole[],
  status: row.status as PartnerStatus,
});

function outletOf(row: OutletRow): OutletRecord {
  return {
    id: row.id,
    code: row.code,
    name: row.name,
    partnerNo: row.partner_no,
    partnerCode: row.partner_code,
    channel: row.channel as Channel,
    ...(row.mcc === null ? {} : { mcc: row.mcc }),
  };
}

function contractOf(row: ContractRow): ContractRecord {
  return {
    id: row.id,
    no: row.no,
    partnerNo: row.partner_no,
    programmeNo: row.programme_no,
    version: row.version,
    effectiveFrom: row.effective_from,
    fundingShares: row.funding_shares.map(({ party, share }) => ({
      party: party as ContractShare['party'],
      share: storedRate(share),
    })),
    commissionRate: storedRate(row.commission_rate),
    commissionPer: row.commission_per as SettlementTerms['commissionPer'],
    taxCode: row.tax_code,
    taxRate: storedRate(row.tax_rate),
    taxTreatment: row.tax_treatment as ContractTerms['taxTreatment'],
    minimumPayoutMinor: row.minimum_payout_minor,
    model: row.model as ContractTerms['model'],
    refundReturnsCommission: row.refund_returns_commission,
    ...stepPrices(row),
    settlement: settlementTermsOf(row),
  };
}

function stepPrices(row: ContractRow): Pick<ContractRecord, 'issuePriceMinor' | 'redemptionPriceMinor'> {
  const priced = (price: string): Rate =>
    stepPriceMinor(storedRate(price), currencyScale(row.currency_code), row.unit_scale);
  return {
    ...(row.issue_price !== null && { issuePriceMinor: priced(row.issue_price) }),
    ...(row.redemption_price !== null && { redemptionPriceMinor: priced(row.redemption_price) }),
  };
}

const settlementTermsOf = (row: ContractRow): SettlementTerms => ({
  ...(row.issue_price !== null && { issuePrice: storedRate(row.issue_price) }),
  ...(row.redemption_price !== null && { redemptionPrice: storedRate(row.redemption_price) }),
  acceptanceFeeRate: storedRate(row.acceptance_fee_rate),
  returnReversesFee: row.return_reverses_fee,
  breakageOwner: row.breakage_owner as SettlementTerms['breakageOwner'],
  clawbackPolicy: row.clawback_policy as SettlementTerms['clawbackPolicy'],
  ...(row.clawback_limit_units !== null && { clawbackLimitUnits: row.clawback_limit_units }),
  cycle: row.cycle as SettlementTerms['cycle'],
  netting: row.netting as SettlementTerms['netting'],
  commissionPer: row.commission_per as SettlementTerms['commissionPer'],
  ...(row.settlement_currency_code !== null && { settlementCurrency: row.settlement_currency_code }),
  paymentDays: row.payment_days,
  disputeDays: row.dispute_days,
  depositMinor: row.deposit_minor,
  ...(row.exposure_cap_minor !== null && { exposureCapMinor: row.exposure_cap_minor }),
  exposureAction: row.exposure_action as SettlementTerms['exposureAction'],
  prepaid: row.prepaid,
  ...(row.prepaid_reorder_minor !== null && { prepaidReorderMinor: row.prepaid_reorder_minor }),
});
