/** The bank of the product's programme: it is sent payment files, reports on them, and writes what it has booked. */
import { formatDecimal } from '../../src/domain/money/decimal.js';
import { type Booking, statusReport, TestBank } from '../support/bank.js';
import { type Change, idIn, outcomeOf, type Payload } from './gateway-change.js';
import { CLEARING, ibanOf, PROGRAMME } from './gateway-world.js';
import type { Outcome } from './life.js';
import type { Operation } from './operations.js';
import type { Currency } from './terms.js';

interface Sent {
  readonly endToEndId: string;
  readonly messageId: string;
  readonly amount: string;
  readonly currency: Currency;
}

const FILE = 'paymentFile { messageId payments { endToEndId amount { amount } } }';

export class GatewayBank {
  private readonly banks: Readonly<Record<Currency, TestBank>> = {
    EUR: new TestBank(CLEARING.EUR, 'EUR'),
    USD: new TestBank(CLEARING.USD, 'USD'),
  };
  /** Payments and receipts by the model's names. */
  private readonly sent = new Map<string, Sent>();
  private readonly movements = new Map<string, { readonly id: string; readonly currency: Currency }>();
  private reports = 0;

  constructor(private readonly change: Change) {}

  async instruct(id: string, currency: Currency): Promise<Outcome> {
    const payload = await this.change('paymentsInstruct', FILE, {
      ...{ programmeCode: PROGRAMME, currencyCode: currency, retryRejected: true, idempotencyKey: id },
    });
    // biome-ignore lint/suspicious/noExplicitAny: as asked for above
    const file: any = payload.paymentFile;
    for (const [index, { endToEndId, amount }] of (file?.payments ?? []).entries())
      this.sent.set(`${id}.${index}`, { endToEndId, messageId: file.messageId, amount: amount.amount, currency });
    return outcomeOf(payload);
  }

  book = (payment: string): Promise<Outcome> =>
    this.booked(this.of(payment).currency, {
      ...{ endToEndId: this.of(payment).endToEndId, amount: `-${this.of(payment).amount}` },
    });

  comeBack = (payment: string): Promise<Outcome> =>
    this.booked(this.of(payment).currency, {
      ...{ endToEndId: this.of(payment).endToEndId, amount: this.of(payment).amount, returnReason: 'AC04' },
    });

  async reject(payment: string): Promise<Outcome> {
    const { messageId, endToEndId } = this.of(payment);
    this.reports += 1;
    const payments = [{ endToEndId, status: 'RJCT', reason: 'AC04' }];
    const content = statusReport(messageId, { id: `R-${this.reports}`, file: 'PART', payments });
    return outcomeOf(await this.change('paymentReportUpload', 'alreadyTaken', { content }));
  }

  /** @param reference of the settlement that is paid, when the payer names one */
  receive(
    { id, partner, amount, currency }: Extract<Operation, { kind: 'RECEIPT' }>,
    reference: string | undefined,
  ): Promise<Outcome> {
    const iban = partner === undefined ? OF_NOBODY : ibanOf(partner);
    const booking = { amount: formatDecimal(amount, 2), iban };
    return this.booked(currency, { ...booking, ...(reference !== undefined && { remittance: reference }) }, id);
  }

  async allocate({ receipt, partner, purpose, amount }: Extract<Operation, { kind: 'ALLOCATE' }>, key: object) {
    const { id: movementId, currency } = this.movements.get(receipt) ?? {};
    const money = { amount: formatDecimal(amount, 2), currencyCode: currency };
    const input = { movementId, partnerCode: partner, purpose, amount: money, ...key };
    return outcomeOf(await this.change('receiptAllocate', 'movement { id }', input));
  }

  private async booked(currency: Currency, booking: Booking, name?: string): Promise<Outcome> {
    const content = this.banks[currency].statement([booking]);
    const payload: Payload = await this.change('bankStatementUpload', 'statements { movements { id } }', { content });
    // biome-ignore lint/suspicious/noExplicitAny: as asked for above
    const [statement] = (payload.statements ?? []) as any[];
    if (name !== undefined && statement) this.movements.set(name, { id: idIn(statement.movements[0]), currency });
    return outcomeOf(payload);
  }

  private of(payment: string): Sent {
    const sent = this.sent.get(payment);
    if (sent === undefined) throw new Error(`The product has not sent ${payment}.`);
    return sent;
  }
}

/** No partner has this account. */
const OF_NOBODY = 'BE68539007547034';
