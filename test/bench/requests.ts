/** What each workload asks, one operation after the other. */
import { PARTNERS, PROGRAMME } from '../../src/demo/cast.js';

export interface Parameters {
  readonly token: string;
  /** Begins every reference of this run: no two runs share a key. */
  readonly run: string;
  /** Members are numbered; their cards and codes are told by `cardOf` and `codeOf`. */
  readonly members: number;
  /** The first member asked for; number 0 when absent. */
  readonly firstMember?: number;
  readonly instant: string;
  readonly listLength?: number;
}

/** The requests of one operation after each other; nothing when it is done, and then the next one begins. */
export interface Asker {
  /** How many operations one turn is. */
  readonly operations: number;
  next(answer: string | undefined): { readonly token: string; readonly body: string } | undefined;
}

export const cardOf = (member: number): string => `bench-card-${String(member).padStart(8, '0')}`;
export const codeOf = (member: number): string => `bench-${String(member).padStart(8, '0')}`;

const MERCHANT_IDS = PARTNERS.flatMap(({ outlets }) => outlets.map(({ merchantId }) => merchantId));

/** A spread over all members without chance: a step that shares no divisor with their number. */
const memberAt = (turn: number, members: number): number => Number((BigInt(turn) * 7_368_787n) % BigInt(members));

/** One purchase as JSON: members, merchants and amounts spread; every tenth at no partner. */
function purchase({ run, members, instant }: Parameters, client: number, turn: number): string {
  const at = turn * 97 + client * 1_009;
  const place = at % 10 === 0 ? '"mcc":"5651"' : `"merchantId":"${MERCHANT_IDS[at % MERCHANT_IDS.length] as string}"`;
  const cents = 100 + ((at * 6_947) % 9_900);
  const amount = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
  return (
    `{"kind":"PURCHASE","reference":"${run}-${client}-${turn}","payer":{"cardToken":"${cardOf(memberAt(at, members))}"},` +
    `"amount":{"amount":"${amount}","currencyCode":"EUR"},"occurredAt":"${instant}",${place}}`
  );
}

const SUBMIT = `mutation Submit($input: TransactionSubmitInput!) { transactionSubmit(input: $input) { transaction { id } userErrors { code message } } }`;
const SUBMIT_MANY = `mutation SubmitMany($input: TransactionsSubmitInput!) { transactionsSubmit(input: $input) { results { transaction { id } userErrors { code message } } userErrors { code message } } }`;

/** One request for each turn. */
function asking(token: string, operations: number, body: (turn: number) => string): Asker {
  let turn = 0;
  return {
    operations,
    next(answer) {
      if (answer !== undefined) return undefined;
      turn += 1;
      return { token, body: body(turn) };
    },
  };
}

function submit(parameters: Parameters, client: number): Asker {
  const before = `{"query":${JSON.stringify(SUBMIT)},"variables":{"input":{"programmeCode":"${PROGRAMME}","transaction":`;
  return asking(parameters.token, 1, (turn) => `${before}${purchase(parameters, client, turn)}}}}`);
}

function submitMany(parameters: Parameters, client: number): Asker {
  const length = parameters.listLength ?? 200;
  const before = `{"query":${JSON.stringify(SUBMIT_MANY)},"variables":{"input":{"programmeCode":"${PROGRAMME}","transactions":[`;
  return asking(parameters.token, length, (turn) => {
    const list = Array.from({ length }, (_, index) => purchase(parameters, client, turn * length + index));
    return `${before}${list.join(',')}]}}}`;
  });
}

export const HOME_SCREEN = `query HomeScreen($programme: String!, $code: String!) {
  member(programmeCode: $programme, code: $code) {
    id
    code
    balance { available pending held unitCode }
    tier { name forecast next { name missing by } }
    choices { code name period pick locked chosen { code name } offered { code name } }
    lots(first: 20) { nodes { id earnedOn availableOn state issued left value { amount currencyCode } } }
  }
}`;

function homeScreen({ token, members, firstMember = 0 }: Parameters, client: number): Asker {
  const before = `{"query":${JSON.stringify(HOME_SCREEN)},"variables":{"programme":"${PROGRAMME}","code":"`;
  return asking(
    token,
    1,
    (turn) => `${before}${codeOf(firstMember + memberAt(turn * 97 + client * 1_009, members))}"}}`,
  );
}

const AUTHORISE = `mutation Hold($input: RedemptionAuthoriseInput!) { redemptionAuthorise(input: $input) { redemption { id state } userErrors { code message } } }`;
const CAPTURE = `mutation Take($input: RedemptionCaptureInput!) { redemptionCapture(input: $input) { redemption { state } userErrors { code message } } }`;

/** A few hundredths of a unit, so that members have enough for hours. */
function redeem({ token, run, members }: Parameters, client: number): Asker {
  const hold = `{"query":${JSON.stringify(AUTHORISE)},"variables":{"input":{"programmeCode":"${PROGRAMME}","partnerCode":"salt-and-grain","channel":"IN_STORE","purchase":{"amount":"20.00","currencyCode":"EUR"},"units":"0.05",`;
  const take = `{"query":${JSON.stringify(CAPTURE)},"variables":{"input":{"redemptionId":"`;
  let turn = 0;
  let step = 0;
  return {
    operations: 1,
    next(answer) {
      if (answer === undefined || step === 0) {
        turn += 1;
        step = 1;
        const member = codeOf(memberAt(turn * 97 + client * 1_009, members));
        return { token, body: `${hold}"payer":{"memberCode":"${member}"},"reference":"${run}-${client}-${turn}"}}}` };
      }
      if (step === 2) {
        step = 0;
        return undefined;
      }
      step = 2;
      const id = /"id":"([^"]+)"/.exec(answer)?.[1] ?? '';
      return { token, body: `${take}${id}","idempotencyKey":"${run}-${client}-${turn}-capture"}}}` };
    },
  };
}

export const ASKERS = { submit, submitMany, homeScreen, redeem } as const;
export type AskerName = keyof typeof ASKERS;
