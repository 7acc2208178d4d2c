/** The product, driven by the model's operations through its API, and what it says of itself at rest. */
import { formatDecimal } from '../../src/domain/money/decimal.js';
import type { Gateway } from '../e2e/gateway.js';
import { GatewayBank } from './gateway-bank.js';
import { type Change, idIn, outcomeOf, type Payload, type Person } from './gateway-change.js';
import { cardOf, makeWorld, PROGRAMME, publishRates } from './gateway-world.js';
import { dateOf } from './kernel.js';
import type { Outcome } from './life.js';
import type { Operation } from './operations.js';
import type { Line } from './settling.js';
import { type Day, PRG } from './terms.js';
import type { World } from './world.js';

const euros = (minor: bigint) => ({ amount: formatDecimal(minor, 2), currencyCode: 'EUR' });
/** Units may pay all of it. */
const LARGE_BASKET = euros(10n ** 9n);

/** Well before it really ends. */
const TOKEN_LIVES_MS = 120_000;

export class GatewayDriver {
  private today: Day;
  /** The operation's name -> the product's id. */
  private readonly ids = new Map<string, string>();
  private readonly sources = new Map<string, string>();
  private readonly purchases = new Map<string, Extract<Operation, { kind: 'BUY' }>>();
  private readonly tokens = new Map<Person, { readonly token: string; readonly since: number }>();
  private keys = 0;
  lines: readonly Line[] = [];
  private lineIds: ReadonlyMap<string, string> = new Map();
  /** What each partner quotes when it pays, by settlement. */
  private readonly references: ReadonlyMap<string, string>[] = [];
  private readonly bank: GatewayBank;

  private constructor(
    private readonly gateway: Gateway,
    starts: Day,
  ) {
    this.today = starts;
    this.bank = new GatewayBank(this.change);
  }

  static async open(gateway: Gateway, world: World): Promise<GatewayDriver> {
    const driver = new GatewayDriver(gateway, world.starts);
    await driver.setClock();
    await publishRates(driver.change, world.starts - 2, world.starts);
    await makeWorld(gateway, world);
    return driver;
  }

  /** The message that an operation was told by, when it was. */
  sourceOf = (operation: string): string | undefined => this.sources.get(operation);
  idOf = (operation: string): string | undefined => this.ids.get(operation);

  async apply(operation: Operation): Promise<Outcome> {
    const { id } = operation;
    switch (operation.kind) {
      case 'BUY': {
        const { member, shop, card, amount } = operation;
        this.purchases.set(id, operation);
        const payload = await this.submit(id, member, shop, card, { kind: 'PURCHASE', amount: euros(amount) });
        if (payload.transaction) this.ids.set(id, idIn(payload.transaction));
        return outcomeOf(payload);
      }
      case 'REFUND': {
        const bought = this.purchases.get(operation.purchase);
        if (bought === undefined) throw new Error(`Nobody bought ${operation.purchase}.`);
        const refund = { kind: 'REFUND', refundOf: operation.purchase, amount: euros(operation.amount) };
        return outcomeOf(await this.submit(id, bought.member, bought.shop, bought.card, refund));
      }
      case 'AUTHORISE': {
        const { member, shop, units } = operation;
        const payload = await this.change('redemptionAuthorise', 'redemption { id }', {
          ...{ programmeCode: PROGRAMME, partnerCode: shop, payer: { memberCode: member }, reference: id },
          ...{ purchase: LARGE_BASKET, units: `${units}` },
        });
        if (payload.redemption) this.ids.set(id, idIn(payload.redemption));
        return outcomeOf(payload);
      }
      case 'CAPTURE':
      case 'GIVE_BACK': {
        const name = operation.kind === 'CAPTURE' ? 'redemptionCapture' : 'redemptionReturn';
        const input = { redemptionId: this.ids.get(operation.redemption), units: `${operation.units}` };
        return this.keyed(name, input);
      }
      case 'VOID':
        return this.keyed('redemptionVoid', { redemptionId: this.ids.get(operation.redemption) });
      case 'CASH_OUT':
        return this.keyed('cashOut', { ...payingOut(operation), cardToken: cardOf(operation.member) });
      case 'DONATE':
        return this.keyed('donate', { ...payingOut(operation), charityCode: operation.charity });
      case 'TRANSFER':
        return this.keyed('unitsTransfer', { ...payingOut(operation), toMemberCode: operation.to });
      case 'GOODWILL': {
        const { member, units } = operation;
        return this.adjust({ goodwill: { member: { memberCode: member }, units: `${units}` } });
      }
      case 'WRITE_OFF':
        return this.adjust({ negativeWriteOff: { member: { memberCode: operation.member } } });
      case 'ITEM': {
        const input = { programmeCode: PROGRAMME, payer: { memberCode: operation.member }, itemCode: operation.item };
        return outcomeOf(await this.change('catalogueClaim', 'claim { id }', { ...input, ...this.key() }));
      }
      case 'CORRECTION':
      case 'BAD_DEBT':
      case 'DEPOSIT_USE':
      case 'DEPOSIT_RETURN': {
        const { kind, partner, amount } = operation;
        return this.adjust({ partner: { kind, partnerCode: partner, amount: euros(amount) } });
      }
      case 'BLOCK': {
        const { partner, amount } = operation;
        const input = { programmeCode: PROGRAMME, partnerCode: partner, amount: euros(amount), ...this.key() };
        return outcomeOf(await this.change('prepaidBuy', 'credit { unpaid { amount } }', input));
      }
      case 'SERVICE_CHARGE': {
        const { partner, amount } = operation;
        const invoice = { invoiceNumber: id, invoicedOn: dateOf(this.today), taxCode: 'VAT-20' };
        const money = { net: euros(amount * 5n), tax: euros(amount) };
        const input = { programmeCode: PROGRAMME, partnerCode: partner, ...invoice, ...money, ...this.key() };
        return outcomeOf(await this.change('serviceChargeRecord', 'serviceCharge { id }', input, 'OPERATOR'));
      }
      case 'INSTRUCT':
        return this.bank.instruct(id, operation.currency);
      case 'BANK_BOOKS':
        return this.bank.book(operation.payment);
      case 'BANK_REJECTS':
        return this.bank.reject(operation.payment);
      case 'BANK_RETURNS':
        return this.bank.comeBack(operation.payment);
      case 'RECEIPT': {
        const { partner = '', settlement = -1 } = operation;
        return this.bank.receive(operation, this.references[settlement]?.get(partner));
      }
      case 'ALLOCATE':
        return this.bank.allocate(operation, this.key());
      case 'DISPUTE': {
        const { partner, amount } = operation;
        const opened = await this.change('disputeOpen', 'dispute { id }', {
          ...{ lineId: this.lineIds.get(partner), amount: euros(amount), reason: 'The model says so.', ...this.key() },
        });
        if (opened.dispute) this.ids.set(id, idIn(opened.dispute));
        return outcomeOf(opened);
      }
      case 'RESOLVE': {
        const resolution = { verdict: operation.answer, resolution: 'So the model says.', ...this.key() };
        const input = { disputeId: this.ids.get(operation.dispute), ...resolution };
        return outcomeOf(await this.change('disputeResolve', 'dispute { id }', input, 'OPERATOR'));
      }
      case 'REVALUE': {
        const input = { programmeCode: PROGRAMME, ...this.key() };
        return outcomeOf(await this.change('fxRevalue', 'difference { amount }', input));
      }
      case 'DAYS':
        return this.wait(operation.days);
      case 'SETTLE':
        return this.settle();
    }
  }

  private async submit(
    reference: string,
    member: string,
    shop: string,
    card: boolean,
    transaction: object,
  ): Promise<Payload> {
    const payer = card ? { cardToken: cardOf(member) } : { memberCode: member };
    const payload = await this.change('transactionSubmit', 'transaction { id } source { id }', {
      ...{ programmeCode: PROGRAMME, partnerCode: card ? 'b' : shop },
      transaction: {
        ...{ reference, payer, merchantId: `MID-${shop}`, occurredAt: `${dateOf(this.today)}T10:00:00Z` },
        ...transaction,
      },
    });
    if (payload.source) this.sources.set(reference, idIn(payload.source));
    return payload;
  }

  private async adjust(wanted: object): Promise<Outcome> {
    const asked = await this.change('adjustmentRequest', 'adjustment { id }', {
      ...{ programmeCode: PROGRAMME, reason: 'The model wants it.', ...this.key(), ...wanted },
    });
    if (!asked.adjustment) return outcomeOf(asked);
    const decision = { adjustmentId: idIn(asked.adjustment), ...this.key() };
    return outcomeOf(await this.change('adjustmentApprove', 'adjustment { id }', decision, 'OPERATOR'));
  }

  /** The jobs in the order of the model's. */
  private async wait(days: number): Promise<Outcome> {
    await publishRates(this.change, this.today, this.today + days);
    this.today += days;
    await this.setClock();
    const { earning, resolutions, lots } = this.gateway.services;
    const { signal } = new AbortController();
    await earning.confirmAll(signal);
    await resolutions.expireAuthorisations();
    await lots.expireAll(signal);
    return 'ACCEPTED';
  }

  private async settle(): Promise<Outcome> {
    const window = { programmeCode: PROGRAMME, ...this.key() };
    await this.change('settlementWindowClose', 'window { state }', window);
    const issued = await this.change(
      'settlementIssue',
      'settlement { lines { id paymentReference partner { code } net { amount } closing { amount } state } }',
      { programmeCode: PROGRAMME, ...this.key() },
    );
    // biome-ignore lint/suspicious/noExplicitAny: as asked for above
    const lines: readonly any[] = (issued.settlement as any)?.lines ?? [];
    this.references.push(
      new Map(lines.map(({ partner, paymentReference }) => [partner?.code ?? PRG, paymentReference])),
    );
    this.lineIds = new Map(lines.map(({ partner, id }) => [partner?.code ?? PRG, id]));
    const minor = ({ amount }: { amount: string }): bigint => BigInt(amount.replace('.', ''));
    this.lines = lines.map(({ partner, net, closing, state }) => ({
      ...{ partner: partner?.code ?? PRG, net: minor(net), closing: minor(closing), state },
    }));
    await this.gateway.services.fx.convertWaiting(new AbortController().signal);
    return 'ACCEPTED';
  }

  private async keyed(name: string, input: object): Promise<Outcome> {
    const selection = name === 'unitsTransfer' ? 'transfer { id }' : 'redemption { id }';
    return outcomeOf(await this.change(name, selection, { ...input, ...this.key() }));
  }

  private key(): { readonly idempotencyKey: string } {
    this.keys += 1;
    return { idempotencyKey: `key-${this.keys}` };
  }

  /** Asked for anew when it is old: a long life outlives a token. */
  private async tokenOf(principal: Person): Promise<string> {
    const known = this.tokens.get(principal);
    if (known !== undefined && performance.now() - known.since < TOKEN_LIVES_MS) return known.token;
    const token = await this.gateway.edge.token({ principal });
    this.tokens.set(principal, { token, since: performance.now() });
    return token;
  }

  private readonly change: Change = async (name, selection, input, by = 'ADMIN') => {
    const type = INPUTS[name] ?? `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} userErrors { code message } } }`;
    return (await this.gateway.ask(await this.tokenOf(by), query, { input }))[name];
  };

  /** Noon in Berlin, more or less: no test lasts until midnight. */
  private setClock(): Promise<unknown> {
    const now = `${dateOf(this.today)}T11:00:00Z`;
    return this.gateway.db.superuser.query('select hansa_set_clock($1::timestamptz - now())', [now]);
  }
}

const INPUTS: Readonly<Record<string, string>> = { adjustmentApprove: 'AdjustmentDecisionInput' };

const payingOut = ({ member, units }: { readonly member: string; readonly units: bigint }) => ({
  ...{ programmeCode: PROGRAMME, payer: { memberCode: member }, units: `${units}` },
});
