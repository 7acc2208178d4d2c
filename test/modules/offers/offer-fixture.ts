/** A published programme with choices, offers and budgets, members with cards of two banks, and the API over it. */
import { createHash } from 'node:crypto';
import { v7 } from 'uuid';
import type { GatewayContext } from '../../../src/graphql/context.js';
import { nodeResolverOf } from '../../../src/graphql/node.js';
import { CardResolver, CardService, cardNodes, MemberCardsResolver } from '../../../src/modules/cards/index.js';
import { MemberResolver, MemberService, memberNodes } from '../../../src/modules/members/index.js';
import {
  ChoiceService,
  MemberChoiceResolver,
  MemberOffersResolver,
  MemberViews,
  OfferService,
} from '../../../src/modules/offers/index.js';
import { OutletResolver, PartnerResolver, PartnerService, partnerNodes } from '../../../src/modules/partners/index.js';
import type { PublishedTo } from '../../../src/modules/programmes/index.js';
import { MemberTierResolver, TierResolver } from '../../../src/modules/tiers/index.js';
import { ReferenceCache } from '../../../src/modules/transactions/reference.js';
import { type Edge, type GraphQLAnswer, openEdge } from '../../api/edge.js';
import { giveConsent } from '../../support/consents.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { addProgramme, onboard } from '../../support/module-fixture.js';
import { admin } from '../../support/principals.js';

/** Two of four a month, from the 25th before (in long months) until the 5th; two of three a quarter, of which two are shown. */
export const OFFERS_YAML = `
programme: offers
name: Offers
effectiveFrom: 2020-01-01
currency: GBP
timeZone: Europe/London
unit: { code: PTS, scale: 2, worth: 1 }
holdDays: 0
rounding: FLOOR
categories:
  food: { name: Food, mcc: ["5411"] }
  fuel: { name: Fuel, mcc: ["5541"] }
  books: { name: Books, mcc: ["5942"] }
  travel: { name: Travel, mcc: ["4511"] }
choices:
  monthly: { name: Two a month, offered: [food, fuel, books, travel], pick: 2, per: month, opensDaysBefore: 7, closesOnDay: 5, default: [food] }
  quarterly: { name: One a quarter, offered: [fuel, books, travel], shown: 2, pick: 1, per: quarter, opensDaysBefore: 0, closesOnDay: 80, default: [] }
experiments:
  spring: { variants: { all: 1, none: 1 } }
tiers:
  rollingDays: 365
  levels:
    - { code: basic, name: Basic, from: 0 }
    - { code: gold, name: Gold, from: 1000 }
rules:
  - { code: base, name: Base, funding: PROGRAMME, rate: 1% }
  - { code: five, name: Five of the month, funding: PROGRAMME, rate: 5%, when: { chosen: monthly } }
  - { code: golden, name: For gold, funding: PROGRAMME, rate: 1%, when: { tiers: [gold] } }
  - { code: welcome, name: For the new, funding: PROGRAMME, fixed: 5, when: { segments: [new] } }
  - { code: quarter, name: To activate, funding: PROGRAMME, rate: 2%, when: { activation: { per: quarter } } }
  - { code: once, name: To activate once, funding: PROGRAMME, rate: 2%, when: { activation: true, tiers: [gold] } }
  - { code: cake, name: Birthday, funding: PROGRAMME, fixed: 10, when: { birthday: { daysBefore: 0, daysAfter: 0, leapDay: MAR_1 } } }
  - { code: tried, name: On trial, funding: PROGRAMME, rate: 1%, when: { experiment: { code: spring, variants: [all] } } }
  - { code: held-out, name: Held out, funding: PROGRAMME, rate: 1%, when: { experiment: { code: spring, variants: [none] } } }
  - { code: summer, name: In summer, funding: PROGRAMME, rate: 3%, when: { from: 2026-06-01, until: 2026-08-31 } }
budgets:
  - { code: pot, max: 1000, rules: [golden], from: 2026-01-01, until: 2026-12-31 }
`;

export interface Offers {
  readonly db: TestDatabase;
  readonly edge: Edge;
  readonly programmeNo: number;
  /** Of anna, bert and carl: number and id. */
  readonly nos: ReadonlyMap<string, number>;
  readonly ids: ReadonlyMap<string, string>;
  /** Card id by token. */
  readonly cardIds: ReadonlyMap<string, string>;
  /** By partner, member, "admin", "operator" or "service". */
  ask(who: string, query: string, variables?: object): Promise<GraphQLAnswer>;
  /** Makes it noon of this day. */
  setToday(day: string): Promise<void>;
  close(): Promise<void>;
}

/** anna has a card of each bank, bert one of the other bank, carl one of the bank that is unlinked. */
export async function openOffers(): Promise<Offers> {
  const db = await openTestDatabase();
  const { database } = db;
  const programmeNo = await addProgramme(db, 'offers');
  await db.superuser.query(
    `insert into programme_version (id, programme_id, version, effective_from, source, digest, published_by, published_at)
     select $1, id, 1, '2020-01-01', $2, $3, 'test', now() from programme where no = $4`,
    [v7(), OFFERS_YAML, createHash('sha256').update(OFFERS_YAML).digest('hex'), programmeNo],
  );
  await onboard(new PartnerService(db.writer), { bank: ['BANK'], 'other-bank': ['BANK'], shop: ['MERCHANT'] });
  const [members, cards] = [new MemberService(database), new CardService(database)];
  const nos = new Map<string, number>();
  const ids = new Map<string, string>();
  for (const code of ['anna', 'bert', 'carl']) {
    const member = await members.enrol(admin(), { programmeCode: 'offers', code });
    if (!member.ok) throw new Error(member.failure.message);
    nos.set(code, member.value.no);
    ids.set(code, member.value.id);
    await giveConsent(db, member.value.no, 'PERSONALISED_OFFERS');
  }
  const cardIds = new Map<string, string>();
  for (const [memberCode, issuerCode] of [
    ['anna', 'bank'],
    ['anna', 'other-bank'],
    ['bert', 'other-bank'],
    ['carl', 'bank'],
  ] as const) {
    const token = `token-${memberCode}-${issuerCode}`;
    const command = { programmeCode: 'offers', member: { memberCode }, token, lastFour: '0042', issuerCode };
    const card = await cards.link(admin(), command);
    if (!card.ok) throw new Error(card.failure.message);
    cardIds.set(token, card.value.id);
  }
  await cards.unlink(admin(), cardIds.get('token-carl-bank') as string);

  const references = new ReferenceCache();
  const present = ({ em }: GatewayContext) => references.present(em, database);
  const views = new MemberViews(present);
  const published: PublishedTo = async (context) => {
    const { reference, now } = await present(context);
    return { programmes: reference.programmes, now };
  };
  const tiers = new TierResolver(published);
  const made = new Map<unknown, object>([
    [PartnerResolver, new PartnerResolver(new PartnerService(db.writer))],
    [MemberResolver, new MemberResolver(members, published)],
    [CardResolver, new CardResolver(cards)],
    [TierResolver, tiers],
    [MemberTierResolver, new MemberTierResolver(tiers)],
    [
      MemberOffersResolver,
      new MemberOffersResolver(
        views,
        tiers,
        new ChoiceService(database, references),
        new OfferService(database, references),
      ),
    ],
    [MemberChoiceResolver, new MemberChoiceResolver(views)],
  ]);
  const edge = await openEdge({
    db,
    resolvers: [
      nodeResolverOf([partnerNodes, memberNodes, cardNodes]),
      PartnerResolver,
      OutletResolver,
      MemberResolver,
      CardResolver,
      MemberCardsResolver,
      TierResolver,
      MemberTierResolver,
      MemberOffersResolver,
      MemberChoiceResolver,
    ],
    container: { get: (resolver: new () => object) => made.get(resolver) ?? new resolver() },
  });
  const tokens = new Map<string, string>();
  for (const kind of ['ADMIN', 'OPERATOR', 'SERVICE'] as const)
    tokens.set(kind.toLowerCase(), await edge.token({ principal: kind }));
  for (const partner of ['bank', 'other-bank', 'shop'])
    tokens.set(partner, await edge.token({ principal: 'PARTNER', partner }));
  for (const member of ['anna', 'bert', 'carl']) tokens.set(member, await edge.token({ principal: 'MEMBER', member }));

  return {
    db,
    edge,
    programmeNo,
    nos,
    ids,
    cardIds,
    ask: async (who, query, variables = {}) => {
      const answer = await edge.ask(query, { token: tokens.get(who) as string, variables });
      const failed = edge.logged.find(({ level }) => Number(level) >= 50);
      if (failed !== undefined) throw new Error(`The gateway failed: ${JSON.stringify(failed.err)}`);
      return answer;
    },
    setToday: async (day) => {
      await db.superuser.query('select hansa_set_clock($1::timestamptz - now())', [`${day}T12:00:00Z`]);
    },
    close: async () => {
      await edge.stop();
      await db.close();
    },
  };
}

/** Rows of the three tables, for "nothing changed". */
export async function storedRows({ db }: Offers): Promise<unknown> {
  const { rows } = await db.superuser.query(
    `select (select jsonb_agg(to_jsonb(c) order by c.member_no, c.choice_code, c.period, c.version) from member_choice c) as choices,
            (select jsonb_agg(to_jsonb(a) order by a.member_no, a.rule_code, a.period) from member_activation a) as activations,
            (select jsonb_agg(to_jsonb(s) order by s.member_no, s.segment, s.from_day) from member_segment s) as segments`,
  );
  return rows[0];
}
