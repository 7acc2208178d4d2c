/** A small programme in which members earn at one shop and spend at another, asked through the API alone. */
import { type Gateway, openGateway, setUp, takeIn } from './gateway.js';

export const PROGRAMME = 'spending';
const yamlOf = ({ cashOut = 'true', transfer = 'true' }: Changes): string => `
programme: ${PROGRAMME}
name: Spending
effectiveFrom: 2020-01-01
currency: EUR
timeZone: Europe/Berlin
unit: { code: PTS, scale: 0, worth: 0.01 }
holdDays: 0
rounding: FLOOR
tiers: { rollingDays: 365, levels: [{ code: all, name: All, from: 0 }] }
rules:
  - { code: m1-rate, name: M1 pays back, when: { partners: [m1] }, funding: MERCHANT, rate: 5% }
partners: { m1: }
redemption: { maxShare: 80%, minimumUnits: "10", authorisationHours: 24, cashOut: ${cashOut}, donation: true, transfer: ${transfer} }
`;

export const euros = (amount: string) => ({ amount, currencyCode: 'EUR' });

// biome-ignore lint/suspicious/noExplicitAny: answers have whatever shape was asked for
type Answer = any;

export interface Spending extends Gateway {
  readonly tokens: Readonly<Record<string, string>>;
  /** Enrols a member with a card "card-of-<code>" of the bank and a token of its own. */
  member(code: string): Promise<void>;
  /** Earns so many units at m1, available at once. */
  earn(code: string, units: number): Promise<void>;
  balance(code: string): Promise<{ available: string; held: string }>;
  /** A mutation by its name; answers with its payload. */
  change(token: string, name: string, input: object, selection?: string): Promise<Answer>;
  /** Holds units at m2 by its own token, changed as wanted. */
  authorise(code: string, changes?: object, token?: string): Promise<Answer>;
  setClock(instant: string): Promise<unknown>;
}

export const SELECTION = `redemption { id kind state units capturedUnits returnedUnits pays { amount } captured { amount }
  returned { amount } } userErrors { code field }`;

export interface Changes {
  readonly yaml?: string;
  readonly cashOut?: string;
  readonly transfer?: string;
  readonly m2?: object;
}

/**
 * Merchants m1 (earning) and m2 (2 % acceptance fee), bank b, charity red-cross, idle bank c; on 2026-03-01 at noon.
 * `changes`: further lines of the programme file, limits of what leaves as the file writes them, other terms of m2.
 */
export async function openSpending(
  changes: Changes = {},
  folders?: Parameters<typeof openGateway>[0],
  options?: Parameters<typeof openGateway>[1],
): Promise<Spending> {
  const gateway = await openGateway(folders, options);
  const setClock = (instant: string) =>
    gateway.db.superuser.query('select hansa_set_clock($1::timestamptz - now())', [instant]);
  await setClock('2026-03-01T12:00:00Z');
  await setUp(gateway, `${yamlOf(changes)}${changes.yaml ?? ''}`, PROGRAMME, [
    { code: 'm1', role: 'MERCHANT', merchantIds: ['MID-M1'] },
    { code: 'm2', role: 'MERCHANT', settlement: { acceptanceFeeRate: '2%', ...changes.m2 } },
    { code: 'b', role: 'BANK' },
    { code: 'c', role: 'BANK' },
    { code: 'red-cross', role: 'CHARITY' },
  ]);
  const tokens: Record<string, string> = {};
  for (const partner of ['m1', 'm2', 'b', 'c'])
    tokens[partner] = await gateway.edge.token({ principal: 'PARTNER', partner });
  let references = 0;
  const change = async (token: string, name: string, input: object, selection = SELECTION): Promise<Answer> => {
    const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
    const data = await gateway.ask(token, `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`, {
      input,
    });
    return data[name];
  };
  return {
    ...gateway,
    tokens,
    setClock,
    change,
    async member(code) {
      await takeIn(gateway, PROGRAMME, code, { token: `card-of-${code}`, issuerCode: 'b' });
      tokens[code] = await gateway.edge.token({ principal: 'MEMBER', member: code });
    },
    async earn(code, units) {
      references += 1;
      const transaction = {
        ...{ kind: 'PURCHASE', reference: `earn-${references}`, payer: { memberCode: code } },
        ...{ amount: euros(`${units / 5}`), occurredAt: '2026-02-20T12:00:00Z', merchantId: 'MID-M1' },
      };
      const input = { programmeCode: PROGRAMME, partnerCode: 'm1', transaction };
      const submitted = await change(gateway.admin, 'transactionSubmit', input, 'userErrors { code }');
      expect(submitted.userErrors).toEqual([]);
      const confirm = { programmeCode: PROGRAMME };
      const confirmed = await change(gateway.admin, 'accrualsConfirm', confirm, 'confirmed userErrors { code }');
      expect(confirmed).toEqual({ confirmed: 1, userErrors: [] });
    },
    async balance(code) {
      const { member } = await gateway.ask(
        gateway.admin,
        'query ($code: String!, $programmeCode: String!) { member(code: $code, programmeCode: $programmeCode) { balance { available held } } }',
        { code, programmeCode: PROGRAMME },
      );
      return member.balance;
    },
    authorise(code, changes = {}, token = tokens.m2 as string) {
      references += 1;
      const input = {
        ...{ programmeCode: PROGRAMME, partnerCode: 'm2', payer: { memberCode: code }, purchase: euros('100.00') },
        ...{ reference: `till-${references}`, channel: 'IN_STORE' },
        ...changes,
      };
      return change(token, 'redemptionAuthorise', input);
    },
  };
}
