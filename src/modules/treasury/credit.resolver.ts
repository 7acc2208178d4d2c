/** What partners may be charged: the list with its alerts, and blocks that are bought in advance. */
import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { businessDateIn } from '../../domain/kernel/calendar.js';
import type { GatewayContext } from '../../graphql/context.js';
import { databaseTime } from '../../infrastructure/db/clock.js';
import { authorize, itself } from '../access/index.js';
import { PARTNER_BY_NO, Partner } from '../partners/index.js';
import { PartnerCredit, PrepaidBuyInput, PrepaidPayload, PrepaidUserError } from './credit.graphql.js';
import type { CreditService } from './credit.service.js';
import { readStandings } from './standing.sql.js';

@Resolver(() => PartnerCredit)
export class CreditResolver {
  constructor(private readonly service: CreditService) {}

  @Query(() => [PartnerCredit], {
    nullable: true,
    description: 'What the partners of a programme may be charged, by code. A partner sees its own alone.',
  })
  async partnerCredits(
    @Arg('programmeCode', () => String, { description: 'The programme.' }) programmeCode: string,
    @Arg('alertsOnly', () => Boolean, { nullable: true, description: 'Only partners that somebody should look at.' })
    alertsOnly: boolean | null | undefined,
    @Ctx() context: GatewayContext,
  ): Promise<PartnerCredit[]> {
    authorize(context.principal, 'settlement.read', itself(context.principal));
    const credits = await this.credits(programmeCode, context);
    return alertsOnly === true ? credits.filter(({ alerts }) => alerts.length > 0) : credits;
  }

  @FieldResolver(() => Partner, { nullable: true, description: 'The partner.' })
  async partner(@Root() { partnerNo }: PartnerCredit, @Ctx() context: GatewayContext): Promise<Partner | null> {
    return (await context.loader(PARTNER_BY_NO).load(partnerNo)) ?? null;
  }

  @Mutation(() => PrepaidPayload, {
    nullable: true,
    description:
      'Sells a partner a block: it owes the amount from now on, and what its rewards cost is taken from the block until ' +
      'it is used up. Then no more of its rewards are granted.',
  })
  async prepaidBuy(
    @Arg('input', () => PrepaidBuyInput, { description: 'The block.' }) input: PrepaidBuyInput,
    @Ctx() context: GatewayContext,
  ): Promise<PrepaidPayload> {
    const { programmeCode, partnerCode, amount, idempotencyKey } = input;
    const command = { programmeCode, partnerCode, amount: { ...amount }, idempotencyKey };
    const result = await this.service.buyBlock(context.principal, command);
    if (!result.ok) return { userErrors: PrepaidUserError.from(result.failure) };
    const { partners } = await this.service.parties();
    const no = partners.byCode(partnerCode)?.no;
    const credit = (await this.credits(programmeCode, context)).find(({ partnerNo }) => partnerNo === no);
    return { entryNumber: result.value.entryNo, credit: credit ?? null, userErrors: [] };
  }

  /** Of every partner that the caller may see and that has a contract in force today. */
  private async credits(programmeCode: string, { em, principal }: GatewayContext): Promise<PartnerCredit[]> {
    const { programmes, partners } = await this.service.parties();
    const programme = programmes.byCode(programmeCode);
    if (programme === undefined) return [];
    const today = businessDateIn(await databaseTime(em), programme.timeZone);
    const visible = partners.all().filter(({ no }) => principal.kind !== 'PARTNER' || principal.partnerNo === no);
    const contracts = visible.flatMap(({ no, code }) => {
      const contract = partners.contractOn(no, programme.no, today);
      return contract === undefined ? [] : [{ no, code, contract }];
    });
    const nos = contracts.map(({ no }) => no);
    const standings = await readStandings(em, programme.no, nos);
    return contracts
      .sort((a, b) => (a.code < b.code ? -1 : 1))
      .map(({ no, contract }) => PartnerCredit.of(no, standings(no), contract, programme.currencyCode));
  }
}
