/**
 * pain.001.001.09, the customer credit transfer initiation: one file pays from one account, in one currency, on one
 * day. Pure: the same facts give the same bytes.
 */
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { currencyScale } from '../../domain/money/currency.js';
import { formatDecimal } from '../../domain/money/decimal.js';
import type { AccountNumber } from './account-number.js';
import { inSepaCharacters, isSepaReference } from './characters.js';

export interface AccountHolder extends AccountNumber {
  readonly name: string;
}

export interface CreditTransfer {
  /** At most 35 characters; comes back in every report and statement. */
  readonly endToEndId: string;
  readonly amountMinor: bigint;
  readonly creditor: AccountHolder;
  /** What the payee reads, at most 140 characters. */
  readonly remittance: string;
}

export interface CreditTransferFile {
  readonly messageId: string;
  readonly createdAt: Date;
  readonly executionDate: string;
  readonly currencyCode: string;
  readonly debtor: AccountHolder;
  /** At least one. */
  readonly transfers: readonly CreditTransfer[];
}

export type PaymentFileErrorCode = 'NAME_NOT_WRITABLE';
export const PAYMENT_FILE_ERRORS: Readonly<Record<PaymentFileErrorCode, string>> = {
  NAME_NOT_WRITABLE: 'A name has characters that no bank takes and that have no Latin form.',
};

const LONGEST_NAME = 70;
const LONGEST_REMITTANCE = 140;

/** Writes the file, in UTF-8. Refuses names that cannot be written; everything else wrong is a bug. */
export function writeCreditTransfers(file: CreditTransferFile): Result<string, PaymentFileErrorCode> {
  const { messageId, currencyCode, transfers } = file;
  invariant(transfers.length > 0, 'a payment file pays somebody');
  invariant(isSepaReference(messageId), 'a message id is a reference of 35 characters at most');
  const debtor = writableName(file.debtor.name);
  if (!debtor.ok) return debtor;
  const written: string[] = [];
  for (const transfer of transfers) {
    const creditor = writableName(transfer.creditor.name);
    if (!creditor.ok) return creditor;
    written.push(transferOf(transfer, creditor.value, currencyCode));
  }
  const sum = money(
    transfers.reduce((total, { amountMinor }) => total + amountMinor, 0n),
    currencyCode,
  );
  const totals = `<NbOfTxs>${transfers.length}</NbOfTxs><CtrlSum>${sum}</CtrlSum>`;
  const isEuro = currencyCode === 'EUR';
  return ok(
    [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">',
      '<CstmrCdtTrfInitn>',
      `<GrpHdr><MsgId>${escaped(messageId)}</MsgId><CreDtTm>${instant(file.createdAt)}</CreDtTm>${totals}` +
        `<InitgPty><Nm>${escaped(debtor.value)}</Nm></InitgPty></GrpHdr>`,
      // Booked one by one, so that a statement names each payment.
      `<PmtInf><PmtInfId>${escaped(messageId)}</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>false</BtchBookg>${totals}` +
        (isEuro ? '<PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf>' : '') +
        `<ReqdExctnDt><Dt>${file.executionDate}</Dt></ReqdExctnDt>`,
      `<Dbtr><Nm>${escaped(debtor.value)}</Nm></Dbtr>` +
        `<DbtrAcct><Id><IBAN>${file.debtor.iban}</IBAN></Id><Ccy>${currencyCode}</Ccy></DbtrAcct>` +
        `<DbtrAgt>${bankOf(file.debtor)}</DbtrAgt><ChrgBr>${isEuro ? 'SLEV' : 'SHAR'}</ChrgBr>`,
      ...written,
      '</PmtInf>',
      '</CstmrCdtTrfInitn>',
      '</Document>',
      '',
    ].join('\n'),
  );
}

function transferOf(transfer: CreditTransfer, creditorName: string, currencyCode: string): string {
  const { endToEndId, amountMinor, creditor, remittance } = transfer;
  invariant(isSepaReference(endToEndId), 'an end-to-end id is a reference of 35 characters at most');
  invariant(amountMinor > 0n, 'a payment is of more than nothing');
  const said = inSepaCharacters(remittance);
  invariant(said.ok && said.text.length <= LONGEST_REMITTANCE, 'the gateway writes remittances that every bank takes');
  return (
    `<CdtTrfTxInf><PmtId><InstrId>${endToEndId}</InstrId><EndToEndId>${endToEndId}</EndToEndId></PmtId>` +
    `<Amt><InstdAmt Ccy="${currencyCode}">${money(amountMinor, currencyCode)}</InstdAmt></Amt>` +
    (creditor.bic === undefined ? '' : `<CdtrAgt>${bankOf(creditor)}</CdtrAgt>`) +
    `<Cdtr><Nm>${escaped(creditorName)}</Nm></Cdtr><CdtrAcct><Id><IBAN>${creditor.iban}</IBAN></Id></CdtrAcct>` +
    `<RmtInf><Ustrd>${escaped(said.text)}</Ustrd></RmtInf></CdtTrfTxInf>`
  );
}

/** A name as banks take it; cut to their length. */
export function writableName(name: string): Result<string, PaymentFileErrorCode> {
  const written = inSepaCharacters(name);
  if (written.ok && written.text !== '') return ok(written.text.slice(0, LONGEST_NAME).trim());
  return fail(
    'NAME_NOT_WRITABLE',
    `The name has characters that banks do not take${written.ok ? '' : ` (${written.unknown.slice(0, 20)})`}; give the account's name in Latin letters.`,
    'holderName',
  );
}

const bankOf = ({ bic }: AccountNumber): string =>
  bic === undefined
    ? '<FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId>'
    : `<FinInstnId><BICFI>${bic}</BICFI></FinInstnId>`;

const money = (minor: bigint, currencyCode: string): string => formatDecimal(minor, currencyScale(currencyCode));

/** To the second, in UTC. */
const instant = (time: Date): string => `${time.toISOString().slice(0, 19)}Z`;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
