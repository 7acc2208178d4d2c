/**
 * pain.002, the customer payment status report: what became of the payments of a pain.001. A status stands for the
 * whole file, for one group of payments, or for one payment; the narrower one counts.
 */
import type { Result } from '../../domain/kernel/result.js';
import type { BankFileErrorCode } from './bank-file.errors.js';
import { readMessage } from './message.js';
import { names, optional, type Reading } from './reading.js';

/** ISO's external codes, by what they mean for a payment. */
const STATUSES = {
  ACCC: 'ACCEPTED',
  ACCP: 'ACCEPTED',
  ACFC: 'ACCEPTED',
  ACSC: 'ACCEPTED',
  ACSP: 'ACCEPTED',
  ACTC: 'ACCEPTED',
  ACWC: 'ACCEPTED',
  ACWP: 'ACCEPTED',
  BLCK: 'PENDING',
  CANC: 'REJECTED',
  PART: 'PARTLY',
  PATC: 'PENDING',
  PDNG: 'PENDING',
  PRES: 'PENDING',
  RCVD: 'PENDING',
  RJCT: 'REJECTED',
} as const;
type StatusCode = keyof typeof STATUSES;
/** PARTLY is said of groups alone: each payment has its own. */
export type BankStatus = (typeof STATUSES)[StatusCode];

export interface ReportedStatus {
  readonly status?: BankStatus;
  /** ISO's code of four letters, as the bank wrote it. */
  readonly statusCode?: string;
  /** Why, by code such as AC01 (account number wrong). */
  readonly reasonCode?: string;
  /** Why, in the bank's words. */
  readonly reasonText?: string;
}

export interface ReportedPayment extends ReportedStatus {
  readonly instructionId?: string;
  readonly endToEndId?: string;
}

export interface ReportedGroup extends ReportedStatus {
  readonly paymentInformationId: string;
  readonly payments: readonly ReportedPayment[];
}

export interface PaymentStatusReport extends ReportedStatus {
  /** Such as pain.002.001.10. */
  readonly version: string;
  readonly messageId: string;
  readonly createdAt: string;
  /** MsgId of the file it reports on; absent when the bank could not read even that. */
  readonly originalMessageId?: string;
  readonly groups: readonly ReportedGroup[];
}

const HEADER = names('MsgId CreDtTm InitgPty FwdgAgt DbtrAgt CdtrAgt');
const REPORT = names('GrpHdr OrgnlGrpInfAndSts OrgnlPmtInfAndSts SplmtryData');
const FILE = names('OrgnlMsgId OrgnlMsgNmId OrgnlCreDtTm OrgnlNbOfTxs OrgnlCtrlSum GrpSts StsRsnInf NbOfTxsPerSts');
const GROUP = names(
  'OrgnlPmtInfId RvslPmtInfId OrgnlNbOfTxs OrgnlCtrlSum PmtInfSts StsRsnInf NbOfTxsPerSts TxInfAndSts',
);
const PAYMENT = names(
  `StsId OrgnlInstrId OrgnlEndToEndId OrgnlUETR UETR TxSts StsRsnInf ChrgsInf TrckrData AccptncDtTm PrcgDt AcctSvcrRef
   ClrSysRef FctvIntrBkSttlmDt PmtPrcgDtTm OrgnlTxRef SplmtryData`,
);
const REASON = names('Orgtr Rsn AddtlInf');

/** Reads versions 02 to 15. */
export const readPaymentStatusReport = (content: string): Result<PaymentStatusReport, BankFileErrorCode> =>
  readMessage(
    content,
    {
      type: 'pain.002',
      root: 'CstmrPmtStsRpt',
      title: 'payment status report',
      versions: { first: 2, last: 15 },
    },
    (report, { version }) => {
      const header = report.has(REPORT).one('GrpHdr').has(HEADER);
      const file = report.one('OrgnlGrpInfAndSts').has(FILE);
      return {
        version,
        messageId: header.one('MsgId').text(35),
        createdAt: header.one('CreDtTm').instant(),
        ...optional('originalMessageId', file.maybe('OrgnlMsgId')?.text(35)),
        ...statusOf(file, 'GrpSts'),
        groups: report.all('OrgnlPmtInfAndSts').map(groupOf),
      };
    },
  );

const groupOf = (group: Reading): ReportedGroup => ({
  paymentInformationId: group.has(GROUP).one('OrgnlPmtInfId').text(35),
  ...statusOf(group, 'PmtInfSts'),
  payments: group.all('TxInfAndSts').map((payment) => ({
    ...optional('instructionId', payment.has(PAYMENT).maybe('OrgnlInstrId')?.text(35)),
    ...optional('endToEndId', payment.maybe('OrgnlEndToEndId')?.text(35)),
    ...statusOf(payment, 'TxSts'),
  })),
});

/** The status with its first reason; of further ones, what they say in words. */
function statusOf(reading: Reading, element: string): ReportedStatus {
  const code = reading.maybe(element)?.word(Object.keys(STATUSES) as StatusCode[]);
  const reasons = reading.all('StsRsnInf').map((reason) => reason.has(REASON));
  const [reasonCode] = reasons.flatMap((reason) => {
    const rule = reason.maybe('Rsn');
    return (rule?.maybe('Cd') ?? rule?.maybe('Prtry'))?.text(35) ?? [];
  });
  const said = reasons.flatMap((reason) => reason.all('AddtlInf').map((text) => text.text(1_000))).join(' ');
  return {
    ...(code === undefined ? {} : { status: STATUSES[code], statusCode: code }),
    ...optional('reasonCode', reasonCode),
    ...optional('reasonText', said === '' ? undefined : said.slice(0, 500)),
  };
}
