/** Statements as the schema shows them: the bytes, and what their face says. */
import { Field, InputType, ObjectType } from 'type-graphql';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import type { Rate } from '../../domain/money/rate.js';
import { storedRate } from '../../domain/partners/contract.js';
import type { StatementParty as Party, StatementFace, TaxLine } from '../../domain/settlement/invoice.js';
import { Money, toMoney } from '../../graphql/money.js';
import { BusinessDateScalar, RateScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import { SettlementLine } from './line.graphql.js';
import type { BillingErrorCode } from './statement.service.js';

@ObjectType({ description: 'A party as it stands on a statement.', simpleResolvers: true })
export class StatementParty {
  @Field(() => String, { description: 'The code of the partner or of the programme.' })
  readonly code!: string;

  @Field(() => String, { description: 'Its legal name.' })
  readonly name!: string;

  @Field(() => [String], { description: 'The lines of its address; none when nobody has given one.' })
  readonly address!: readonly string[];

  @Field(() => String, { nullable: true, description: 'Its tax number; null when nobody has given one.' })
  readonly taxNumber!: string | null;

  static of(party: Party): StatementParty {
    return Object.assign(new StatementParty(), party);
  }
}

@ObjectType({ description: 'Commission and fees of one tax code and rate.', simpleResolvers: true })
export class StatementTax {
  @Field(() => String, { description: 'The tax code of the contract.' })
  readonly code!: string;

  @Field(() => RateScalar, { description: 'The rate.' })
  readonly rate!: Rate;

  @Field(() => Money, { description: 'Commission and fees without tax.' })
  readonly net!: Money;

  @Field(() => Money, { description: 'The tax on them.' })
  readonly tax!: Money;

  @Field(() => Money, { description: 'Both together.' })
  readonly gross!: Money;

  static of({ code, rate, baseMinor, taxMinor }: TaxLine, currencyCode: string): StatementTax {
    return Object.assign(new StatementTax(), {
      code,
      rate: storedRate(rate),
      net: toMoney(BigInt(baseMinor), currencyCode),
      tax: toMoney(BigInt(taxMinor), currencyCode),
      gross: toMoney(BigInt(baseMinor) + BigInt(taxMinor), currencyCode),
    });
  }
}

@ObjectType({ description: 'The statement as a document to print and file.', simpleResolvers: true })
export class StatementPdf {
  @Field(() => String, { description: 'The bytes of the PDF, in Base64.' })
  readonly base64!: string;

  @Field(() => String, { description: 'SHA-256 of the bytes, in hexadecimal; the same for ever.' })
  readonly sha256!: string;

  @Field(() => String, { description: 'A name for the file.' })
  readonly fileName!: string;
}

/** A stored statement without its PDF. */
export interface StatementFacts {
  readonly csv: string;
  readonly sha256: string;
  readonly face: StatementFace | null;
}

@ObjectType({
  description: 'The frozen statement of one party: its bytes and their hash, and what its face says.',
  simpleResolvers: true,
})
export class SettlementStatement {
  /** Not published. */
  readonly fileStem!: string;

  @Field(() => String, {
    nullable: true,
    description: "The invoice number, without gaps in the programme; null on the programme's own statement.",
  })
  readonly number!: string | null;

  @Field(() => BusinessDateScalar, { nullable: true, description: 'The day of issue.' })
  readonly issuedOn!: BusinessDate | null;

  @Field(() => BusinessDateScalar, {
    nullable: true,
    description: "The day by which it is paid; null on the programme's own.",
  })
  readonly dueOn!: BusinessDate | null;

  @Field(() => StatementParty, { nullable: true, description: 'The operator of the programme.' })
  readonly seller!: StatementParty | null;

  @Field(() => StatementParty, { nullable: true, description: 'The party it is for.' })
  readonly buyer!: StatementParty | null;

  @Field(() => [StatementTax], { description: 'The tax breakdown of commission and fees.' })
  readonly taxes!: readonly StatementTax[];

  @Field(() => String, { description: 'The statement as CSV (RFC 4180), exactly as it was issued.' })
  readonly csv!: string;

  @Field(() => String, { description: 'SHA-256 of the CSV in UTF-8, in hexadecimal.' })
  readonly sha256!: string;

  @Field(() => SettlementLine, {
    description: 'The line it explains; of a partner settled gross, the first of the two.',
  })
  readonly line!: SettlementLine;

  static of({ csv, sha256, face }: StatementFacts, line: SettlementLine): SettlementStatement {
    return Object.assign(new SettlementStatement(), {
      fileStem: face?.number ?? line.id,
      number: face?.number ?? null,
      issuedOn: face?.issuedOn ?? null,
      dueOn: face?.dueOn ?? null,
      seller: face && StatementParty.of(face.seller),
      buyer: face && StatementParty.of(face.buyer),
      taxes: (face?.taxes ?? []).map((tax) => StatementTax.of(tax, line.notation.currencyCode)),
      csv,
      sha256,
      line,
    });
  }
}

@InputType({ description: 'Who a party is on the statements that are issued from now on.' })
export class BillingDetailsSetInput {
  @Field(() => String, { description: 'The programme.' })
  programmeCode!: string;

  @Field(() => String, { nullable: true, description: 'The partner; the operator of the programme when left out.' })
  partnerCode?: string | null;

  @Field(() => String, { description: 'The legal name, 1 to 200 characters.' })
  legalName!: string;

  @Field(() => String, { description: 'The address, 1 to 500 characters in at most six lines.' })
  address!: string;

  @Field(() => String, { nullable: true, description: 'The tax number, 1 to 50 characters.' })
  taxNumber?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'How to pay the operator, 1 to 500 characters; printed where a partner owes.',
  })
  paymentInstruction?: string | null;
}

const BILLING_ERRORS: Readonly<Record<BillingErrorCode, string>> = {
  UNKNOWN_PROGRAMME: 'There is no programme of that code.',
  UNKNOWN_PARTNER: 'There is no partner of that code.',
  MALFORMED_DETAILS: 'A detail is empty or too long.',
};
export const BillingDetailsUserError = userErrorType<BillingErrorCode>('BillingDetails', BILLING_ERRORS);

@ObjectType({
  description: 'The party as it stands on statements from now on, or why nothing was set.',
  simpleResolvers: true,
})
export class BillingDetailsSetPayload {
  @Field(() => StatementParty, { nullable: true, description: 'The party; null when it was refused.' })
  readonly party?: StatementParty;

  @Field(() => [BillingDetailsUserError], { description: 'Why it was refused; empty when it was not.' })
  readonly userErrors!: InstanceType<typeof BillingDetailsUserError>[];
}
