/** A bank for tests: reports on payment files (pain.002) and statements of one account (camt.053), as banks write them. */

export interface Booking {
  /** "12.30" came in, "-12.30" went out. */
  readonly amount: string;
  readonly endToEndId?: string;
  readonly iban?: string;
  readonly remittance?: string;
  readonly returnReason?: string;
  readonly status?: 'BOOK' | 'PDNG';
}

const cents = (amount: string): bigint => BigInt(amount.replace('.', ''));
const written = (minor: bigint): string => {
  const text = String(minor < 0n ? -minor : minor).padStart(3, '0');
  return `${text.slice(0, -2)}.${text.slice(-2)}`;
};
const direction = (minor: bigint): string => `<CdtDbtInd>${minor < 0n ? 'DBIT' : 'CRDT'}</CdtDbtInd>`;

export class TestBank {
  private statements = 0;
  private balance: bigint;

  constructor(
    readonly iban: string,
    readonly currencyCode = 'EUR',
    /** What the account holds before the first statement. */
    opening = '0.00',
  ) {
    this.balance = cents(opening);
  }

  /** The next statement of the account. `change` breaks the XML in one place. */
  statement(bookings: readonly Booking[], change: (xml: string) => string = (xml) => xml): string {
    this.statements += 1;
    const opening = this.balance;
    const booked = bookings.filter(({ status }) => status !== 'PDNG');
    this.balance += booked.reduce((sum, { amount }) => sum + cents(amount), 0n);
    return change(
      `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
<GrpHdr><MsgId>STM-${this.statements}</MsgId><CreDtTm>2026-03-01T20:00:00Z</CreDtTm></GrpHdr>
<Stmt><Id>S-${this.statements}</Id><ElctrncSeqNb>${this.statements}</ElctrncSeqNb>
<Acct><Id><IBAN>${this.iban}</IBAN></Id><Ccy>${this.currencyCode}</Ccy></Acct>
${this.balanceOf('OPBD', opening)}${this.balanceOf('CLBD', this.balance)}
${bookings.map((booking) => this.entry(booking)).join('\n')}
</Stmt></BkToCstmrStmt></Document>`,
    );
  }

  /** Takes the last statement back: it was refused, and another one comes in its place. */
  forget(bookings: readonly Booking[]): void {
    this.statements -= 1;
    this.balance -= bookings.reduce((sum, { amount }) => sum + cents(amount), 0n);
  }

  private balanceOf(code: string, minor: bigint): string {
    return `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="${this.currencyCode}">${written(minor)}</Amt>${direction(minor)}<Dt><Dt>2026-03-01</Dt></Dt></Bal>`;
  }

  private entry({ amount, endToEndId, iban, remittance, returnReason, status = 'BOOK' }: Booking): string {
    const minor = cents(amount);
    const party = minor < 0n ? 'CdtrAcct' : 'DbtrAcct';
    return `<Ntry><Amt Ccy="${this.currencyCode}">${written(minor)}</Amt>${direction(minor)}<Sts><Cd>${status}</Cd></Sts><BookgDt><Dt>2026-03-01</Dt></BookgDt><BkTxCd><Prtry><Cd>X</Cd></Prtry></BkTxCd><NtryDtls><TxDtls>
${endToEndId === undefined ? '' : `<Refs><EndToEndId>${endToEndId}</EndToEndId></Refs>`}
${iban === undefined ? '' : `<RltdPties><${party}><Id><IBAN>${iban}</IBAN></Id></${party}></RltdPties>`}
${remittance === undefined ? '' : `<RmtInf><Ustrd>${remittance}</Ustrd></RmtInf>`}
${returnReason === undefined ? '' : `<RtrInf><Rsn><Cd>${returnReason}</Cd></Rsn></RtrInf>`}
</TxDtls></NtryDtls></Ntry>`;
  }
}

/** What a bank says of a payment file: of the whole of it, and of single payments. */
export function statusReport(
  messageId: string,
  of: {
    readonly id: string;
    readonly file?: 'ACCP' | 'RJCT' | 'PART';
    readonly payments?: readonly { readonly endToEndId: string; readonly status: string; readonly reason?: string }[];
  },
): string {
  const payments = (of.payments ?? []).map(
    ({ endToEndId, status, reason }) =>
      `<TxInfAndSts><OrgnlEndToEndId>${endToEndId}</OrgnlEndToEndId><TxSts>${status}</TxSts>${
        reason === undefined ? '' : `<StsRsnInf><Rsn><Cd>${reason}</Cd></Rsn></StsRsnInf>`
      }</TxInfAndSts>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
<GrpHdr><MsgId>${of.id}</MsgId><CreDtTm>2026-03-01T20:00:00Z</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>${messageId}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>${of.file === undefined ? '' : `<GrpSts>${of.file}</GrpSts>`}</OrgnlGrpInfAndSts>
${payments.length === 0 ? '' : `<OrgnlPmtInfAndSts><OrgnlPmtInfId>${messageId}</OrgnlPmtInfId>${payments.join('')}</OrgnlPmtInfAndSts>`}
</CstmrPmtStsRpt></Document>`;
}
