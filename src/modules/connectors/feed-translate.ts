/** One item of a partner's feed -> the very command that the same message gives through the API, or why it is none. */
import type { Endpoint } from '../../domain/connectors/connector.js';
import { FieldReader, type TransactionField } from '../../domain/connectors/fields.js';
import { CHANNELS, type Channel } from '../../domain/earning/model.js';
import { fail, type Result } from '../../domain/kernel/result.js';
import { SOURCE_KINDS, type SubmitCommand, type TransactionErrorCode } from '../../domain/transactions/model.js';
import { FeedDates } from '../imports/index.js';
import type { ProgrammeRecord } from '../programmes/index.js';
import { commandOf } from '../transactions/index.js';

export type FeedErrorCode = TransactionErrorCode | 'MALFORMED_ITEM';
type Translated = Result<SubmitCommand, FeedErrorCode>;

const malformed = (message: string, field: TransactionField) => fail('MALFORMED_ITEM', message, field);

export class FeedTranslator {
  private readonly fields: FieldReader<TransactionField>;
  private readonly dates: FeedDates;

  constructor(
    endpoint: Pick<Endpoint, 'fields' | 'dateFormat'>,
    private readonly partnerCode: string,
    private readonly programme: ProgrammeRecord,
  ) {
    this.fields = new FieldReader('TRANSACTIONS', endpoint.fields);
    this.dates = new FeedDates(endpoint.dateFormat ?? 'RFC3339', programme.timeZone);
  }

  /** Its own name, for the list of what was rejected. */
  referenceOf(item: unknown): string | undefined {
    const reference = this.fields.read(item, 'reference');
    return reference !== undefined && isStorable(reference) ? reference.slice(0, 200) : undefined;
  }

  translate(item: unknown): Translated {
    const read = (field: TransactionField): string | undefined => this.fields.read(item, field);
    const amount = read('amount');
    if (amount === undefined) return malformed('The item has no amount.', 'amount');
    const isNegative = amount.startsWith('-');
    const kindText = read('kind')?.toUpperCase() ?? (isNegative ? 'REFUND' : 'PURCHASE');
    const kind = SOURCE_KINDS.find((each) => each === kindText);
    if (kind === undefined || kind === 'ACTION')
      return malformed('The kind is none of purchase, refund, authorisation, clearing and reversal.', 'kind');
    const channelText = read('channel')?.toUpperCase();
    const channel = CHANNELS.find((each) => each === channelText);
    if (channelText !== undefined && channel === undefined)
      return malformed(`The channel is none of ${CHANNELS.join(', ')}.`, 'channel');
    const occurredAt = this.instant(read('occurredAt'));
    if (occurredAt === undefined) return malformed('The item does not say when it took place.', 'occurredAt');
    const postedText = read('postedAt');
    const postedAt = this.instant(postedText);
    if (postedText !== undefined && postedAt === undefined)
      return malformed('The item does not say when it was posted.', 'postedAt');
    const texts = textsOf(read, channel);
    const { outlet, payer, reference = '', ...rest } = texts;
    if (![outlet, reference, ...Object.values(payer), ...Object.values(rest)].every(isStorable))
      return malformed('The item holds characters that are no text.', 'reference');
    return commandOf(
      {
        ...rest,
        ...(outlet !== undefined && { outlet: { partnerCode: this.partnerCode, outletCode: outlet } }),
        kind,
        reference,
        occurredAt,
        ...(postedAt !== undefined && { postedAt }),
        payer,
        amount: {
          // Where the sign says that it is a refund; a negative purchase is refused like any other.
          amount: isNegative && kind === 'REFUND' ? amount.slice(1) : amount,
          currencyCode: read('currency') ?? this.programme.currencyCode,
        },
      },
      this.partnerCode,
      this.programme,
    );
  }

  private instant(text: string | undefined): Date | undefined {
    const day = text === undefined ? undefined : this.dates.read(text);
    return day === undefined ? undefined : new Date(day.occurredAt);
  }
}

function textsOf(read: (field: TransactionField) => string | undefined, channel: Channel | undefined) {
  const named = <Field extends TransactionField>(...fields: readonly Field[]): { readonly [F in Field]?: string } =>
    Object.fromEntries(
      fields.flatMap((field) => {
        const text = read(field);
        return text === undefined ? [] : [[field, text]];
      }),
    ) as { readonly [F in Field]?: string };
  return {
    ...named('reference', 'outlet', 'mcc', 'category', 'merchantId', 'descriptor', 'refundOf', 'authorisation'),
    ...(channel !== undefined && { channel }),
    payer: named('memberCode', 'memberId', 'cardToken'),
  };
}

const isStorable = (text: string | undefined): boolean =>
  text === undefined || (!text.includes('\0') && text.isWellFormed());
