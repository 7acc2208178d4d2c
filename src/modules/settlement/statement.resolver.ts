/** Statements: the frozen bytes of one party, and who stands on them. */
import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { addressLines } from '../../domain/settlement/invoice.js';
import type { GatewayContext } from '../../graphql/context.js';
import { isId } from '../../graphql/scalars.js';
import { authorize, itself } from '../access/index.js';
import { PARTNER_BY_NO } from '../partners/index.js';
import { SettlementLine } from './line.graphql.js';
import { LINES_OF_SETTLEMENT, PDF_OF_PARTY, STATEMENT_OF_PARTY } from './settlement.loaders.js';
import {
  BillingDetailsSetInput,
  BillingDetailsSetPayload,
  BillingDetailsUserError,
  SettlementStatement,
  StatementParty,
  StatementPdf,
} from './statement.graphql.js';
import type { SettlementStatementService } from './statement.service.js';

@Resolver(() => SettlementStatement)
export class StatementResolver {
  constructor(private readonly statements: SettlementStatementService) {}

  @Query(() => SettlementStatement, {
    nullable: true,
    description: 'The frozen statement of a party; null when it has no line there or the caller may not see it.',
  })
  async settlementStatement(
    @Arg('settlementId', () => ID, { description: 'The settlement.' }) settlementId: string,
    @Arg('partnerCode', () => String, {
      nullable: true,
      description: "The partner; for the programme's own statement leave it out.",
    })
    partnerCode: string | null | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<SettlementStatement | null> {
    authorize(context.principal, 'settlement.read', itself(context.principal));
    if (!isId(settlementId)) return null;
    const lines = await context.loader(LINES_OF_SETTLEMENT).load(settlementId);
    const codes = await Promise.all(
      lines.map(async ({ partyNo }) =>
        partyNo === 0 ? null : ((await context.loader(PARTNER_BY_NO).load(partyNo))?.code ?? null),
      ),
    );
    const line = lines[codes.indexOf(partnerCode ?? null)];
    return line === undefined ? null : statementOf(line, context);
  }

  @Mutation(() => BillingDetailsSetPayload, {
    nullable: true,
    description: 'Says who the operator of a programme, or a partner, is on the statements issued from now on.',
  })
  async billingDetailsSet(
    @Arg('input', () => BillingDetailsSetInput, { description: 'The party and its details.' })
    input: BillingDetailsSetInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<BillingDetailsSetPayload> {
    const result = await this.statements.setBillingDetails(principal, input);
    if (!result.ok) return { userErrors: BillingDetailsUserError.from(result.failure) };
    const { code, name, address, taxNumber } = result.value;
    return {
      party: StatementParty.of({ code, name, address: addressLines(address ?? ''), taxNumber }),
      userErrors: [],
    };
  }

  @FieldResolver(() => StatementPdf, {
    nullable: true,
    description: "The statement as PDF; null on the programme's own, and on those issued before there were any.",
  })
  async pdf(
    @Root() { line, fileStem }: SettlementStatement,
    @Ctx() context: GatewayContext,
  ): Promise<StatementPdf | null> {
    const { settlementId, partyNo } = line;
    if (partyNo === 0) return null;
    const stored = await context.loader(PDF_OF_PARTY).load(`${settlementId}/${partyNo}`);
    const made = stored ?? (await this.statements.print({ settlementId, partyNo }));
    return made === undefined
      ? null
      : { base64: made.pdf.toString('base64'), sha256: made.sha256, fileName: `${fileStem}.pdf` };
  }
}

@Resolver(() => SettlementLine)
export class StatementOfLineResolver {
  @FieldResolver(() => SettlementStatement, { description: 'The frozen statement.' })
  statement(@Root() line: SettlementLine, @Ctx() context: GatewayContext): Promise<SettlementStatement | null> {
    return statementOf(line, context);
  }
}

async function statementOf(line: SettlementLine, context: GatewayContext): Promise<SettlementStatement | null> {
  const facts = await context.loader(STATEMENT_OF_PARTY).load(`${line.settlementId}/${line.partyNo}`);
  return facts === undefined ? null : SettlementStatement.of(facts, line);
}
