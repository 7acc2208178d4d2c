/** One booked line of a camt.053, with the payments it sums up. */
import { names, optional, type Reading } from './reading.js';

/** How far the bank has come: only what is booked has moved money. */
export type EntryStatus = 'BOOKED' | 'PENDING' | 'INFORMATION';

export interface EntryDetail {
  /** Signed like the entry; absent where the bank gives none. */
  readonly amountMinor?: bigint;
  readonly currencyCode?: string;
  /** MsgId and PmtInfId of the file that asked for it. */
  readonly messageId?: string;
  readonly paymentInformationId?: string;
  /** What the payer called it; never NOTPROVIDED. */
  readonly endToEndId?: string;
  readonly bankReference?: string;
  /** Why it came back, when it did; such as AC04 (account closed). */
  readonly returnReason?: string;
  /** Of whom it came, or to whom it went. */
  readonly counterpartyName?: string;
  readonly counterpartyIban?: string;
  /** Creditor references, and what the payer wrote. */
  readonly remittance: readonly string[];
}

export interface BankEntry {
  /** + came in, - went out. */
  readonly amountMinor: bigint;
  readonly currencyCode: string;
  readonly status: EntryStatus;
  readonly bookedOn?: string;
  readonly valueOn?: string;
  readonly bankReference?: string;
  /** Takes an earlier entry back. */
  readonly reversal: boolean;
  /** The file whose payments are booked in one sum. */
  readonly batch?: { readonly messageId?: string; readonly paymentInformationId?: string };
  readonly details: readonly EntryDetail[];
  readonly text?: string;
}

const ENTRY = names(
  `NtryRef Amt CdtDbtInd RvslInd Sts BookgDt ValDt AcctSvcrRef Avlbty BkTxCd ComssnWvrInd AddtlInfInd AmtDtls Chrgs
   TechInptChanl Intrst CardTx NtryDtls AddtlNtryInf`,
);
const DETAILS = names('Btch TxDtls');
const DETAIL = names(
  `Refs Amt CdtDbtInd AmtDtls Avlbty BkTxCd Chrgs Intrst RltdPties RltdAgts LclInstrm PmtTpInf Purp RltdRmtInf RmtInf
   RltdDts RltdPric RltdQties FinInstrmId Tax RtrInf CorpActn SfkpgAcct CshDpst CardTx AddtlTxInf SplmtryData`,
);
/** Longer than the standard allows: banks write longer ones. */
const LONGEST_TEXT = 2_000;
/** A reference as long as any version has it. */
const LONGEST_REFERENCE = 140;

export function entryOf(entry: Reading): BankEntry {
  const { amountMinor, currencyCode } = entry.has(ENTRY).one('Amt').amount();
  const incoming = isIncoming(entry);
  const groups = entry.all('NtryDtls').map((group) => group.has(DETAILS));
  const batch = groups.map((group) => group.maybe('Btch')).find((found) => found !== undefined);
  return {
    amountMinor: incoming ? amountMinor : -amountMinor,
    currencyCode,
    status: statusOf(entry),
    ...optional('bookedOn', dayOf(entry.maybe('BookgDt'))),
    ...optional('valueOn', dayOf(entry.maybe('ValDt'))),
    ...optional('bankReference', entry.maybe('AcctSvcrRef')?.text(LONGEST_REFERENCE)),
    reversal:
      entry
        .maybe('RvslInd')
        ?.word(['true', 'false', '1', '0'])
        .match(/true|1/) != null,
    ...(batch === undefined
      ? {}
      : {
          batch: {
            ...optional('messageId', batch.maybe('MsgId')?.text(LONGEST_REFERENCE)),
            ...optional('paymentInformationId', batch.maybe('PmtInfId')?.text(LONGEST_REFERENCE)),
          },
        }),
    details: groups.flatMap((group) => group.all('TxDtls')).map((detail) => detailOf(detail.has(DETAIL), incoming)),
    ...optional('text', entry.maybe('AddtlNtryInf')?.text(LONGEST_TEXT)),
  };
}

function detailOf(detail: Reading, entryIsIncoming: boolean): EntryDetail {
  const incoming = detail.maybe('CdtDbtInd') === undefined ? entryIsIncoming : isIncoming(detail);
  const amount = (detail.maybe('Amt') ?? detail.at('AmtDtls', 'TxAmt', 'Amt'))?.amount();
  const refs = detail.maybe('Refs');
  const endToEndId = refs?.maybe('EndToEndId')?.text(LONGEST_REFERENCE);
  return {
    ...(amount === undefined
      ? {}
      : { amountMinor: incoming ? amount.amountMinor : -amount.amountMinor, currencyCode: amount.currencyCode }),
    ...optional('messageId', refs?.maybe('MsgId')?.text(LONGEST_REFERENCE)),
    ...optional('paymentInformationId', refs?.maybe('PmtInfId')?.text(LONGEST_REFERENCE)),
    ...optional('endToEndId', endToEndId === 'NOTPROVIDED' ? undefined : endToEndId),
    ...optional('bankReference', refs?.maybe('AcctSvcrRef')?.text(LONGEST_REFERENCE)),
    ...optional('returnReason', returnReasonOf(detail)),
    ...counterpartyOf(detail, incoming),
    remittance: remittanceOf(detail),
  };
}

function returnReasonOf(detail: Reading): string | undefined {
  const reason = detail.at('RtrInf', 'Rsn');
  return (reason?.maybe('Cd') ?? reason?.maybe('Prtry'))?.text(35);
}

/** The payer of what came in, the payee of what went out. From version 03 on parties stand one level deeper. */
function counterpartyOf(
  detail: Reading,
  incoming: boolean,
): Pick<EntryDetail, 'counterpartyName' | 'counterpartyIban'> {
  const parties = detail.maybe('RltdPties');
  const party = parties?.maybe(incoming ? 'Dbtr' : 'Cdtr');
  const iban = parties?.at(incoming ? 'DbtrAcct' : 'CdtrAcct', 'Id', 'IBAN')?.text(42);
  return {
    ...optional('counterpartyName', (party?.maybe('Nm') ?? party?.at('Pty', 'Nm'))?.text(LONGEST_REFERENCE)),
    ...optional('counterpartyIban', iban?.replaceAll(' ', '').toUpperCase()),
  };
}

/** Creditor references first: they are made to be matched. */
function remittanceOf(detail: Reading): string[] {
  const remittance = detail.maybe('RmtInf');
  if (remittance === undefined) return [];
  const references = remittance
    .all('Strd')
    .flatMap((structured) => structured.at('CdtrRefInf', 'Ref')?.text(LONGEST_REFERENCE) ?? []);
  return [...references, ...remittance.all('Ustrd').map((written) => written.text(LONGEST_TEXT))];
}

const isIncoming = (reading: Reading): boolean => reading.one('CdtDbtInd').word(['CRDT', 'DBIT']) === 'CRDT';

/** A word up to version 02, since then a code one level deeper. */
function statusOf(entry: Reading): EntryStatus {
  const status = entry.one('Sts');
  const code = (status.maybe('Cd') ?? status.maybe('Prtry') ?? status).text(35);
  if (code === 'BOOK') return 'BOOKED';
  if (code === 'PDNG' || code === 'FUTR') return 'PENDING';
  if (code === 'INFO') return 'INFORMATION';
  throw status.fault('it is none of BOOK, PDNG, FUTR, INFO');
}

const dayOf = (day: Reading | undefined): string | undefined => (day?.maybe('Dt') ?? day?.maybe('DtTm'))?.date();
