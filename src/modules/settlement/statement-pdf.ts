/**
 * A statement as PDF: what a finance clerk books by. The same facts give the same bytes: nothing in it is of the moment
 * at which it is made. Standard fonts, so that nothing is embedded; letters they lack are written in those they have.
 */
import { currencyScale } from '../../domain/money/currency.js';
import { formatDecimal } from '../../domain/money/decimal.js';
import { describeRate } from '../../domain/money/rate.js';
import { storedRate } from '../../domain/partners/contract.js';
import { type StatementFace, type StatementParty, titleOf } from '../../domain/settlement/invoice.js';
import { STATEMENT_EVENTS, type StatementItem, type StatementTotals } from '../../domain/settlement/statement.js';
import { winAnsi } from '../../domain/settlement/win-ansi.js';
import { EVENTS, SIDES, sentenceOf, TITLES } from './statement-words.js';

/** Everything a PDF is made of; all of it is frozen with the statement. */
export interface PrintedStatement {
  readonly face: StatementFace;
  readonly settlementNo: number;
  readonly programmeCode: string;
  readonly currencyCode: string;
  readonly unitCode: string;
  readonly unitScale: number;
  readonly issuedAt: Date;
  readonly items: readonly StatementItem[];
  readonly lines: readonly (Omit<StatementTotals, 'state'> & { readonly carried: boolean })[];
}

const LEFT = 50;
const RIGHT = 545;
const TOP = 50;
const BOTTOM = 770;
const FONT = { plain: 'Helvetica', bold: 'Helvetica-Bold' } as const;

/** Right edges of the columns of numbers. */
const COLUMNS = { count: 250, units: 312, reward: 374, commission: 438, tax: 490, amount: RIGHT } as const;

export async function statementPdf(statement: PrintedStatement): Promise<Buffer> {
  const { face, issuedAt } = statement;
  const { default: PDFDocument } = await import('pdfkit'); // late: its fonts take longer to load than most commands
  const document = new PDFDocument({
    size: 'A4',
    margin: 0,
    bufferPages: true,
    info: {
      Title: winAnsi(`${TITLES[titleOf(face)]} ${face.number ?? statement.settlementNo}`),
      Author: winAnsi(face.seller.name),
      Creator: 'Hansa',
      Producer: 'Hansa',
      CreationDate: issuedAt,
      ModDate: issuedAt,
    },
  });
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
  });
  new StatementPages(document, statement).draw();
  document.end();
  return done;
}

class StatementPages {
  private y = TOP;

  constructor(
    private readonly document: PDFKit.PDFDocument,
    private readonly statement: PrintedStatement,
  ) {}

  draw(): void {
    this.heading();
    this.parties();
    this.facts();
    this.items();
    this.taxes();
    this.totals();
    this.payment();
    this.feet();
  }

  private money(minor: bigint): string {
    return formatDecimal(minor, currencyScale(this.statement.currencyCode));
  }

  /** One line of text, cut where it would leave its place. */
  private text(
    text: string,
    x: number,
    options: { width?: number; size?: number; bold?: boolean; right?: boolean; grey?: boolean } = {},
  ): void {
    const { width = RIGHT - x, size = 9, bold = false, right = false, grey = false } = options;
    this.document
      .font(bold ? FONT.bold : FONT.plain)
      .fontSize(size)
      .fillColor(grey ? '#555555' : '#000000');
    this.document.text(winAnsi(text), right ? x - width : x, this.y, {
      width,
      height: size * 1.3,
      align: right ? 'right' : 'left',
      lineBreak: false,
      ellipsis: true,
    });
  }

  private down(by: number): void {
    this.y += by;
  }

  /** Goes on a new page when so much is not left on this one, and tells whether it did. */
  private room(height: number): boolean {
    if (this.y + height <= BOTTOM) return false;
    this.document.addPage();
    this.y = TOP;
    return true;
  }

  private rule(): void {
    this.document.moveTo(LEFT, this.y).lineTo(RIGHT, this.y).lineWidth(0.5).strokeColor('#999999').stroke();
  }

  private heading(): void {
    const { face } = this.statement;
    this.text(TITLES[titleOf(face)], LEFT, { size: 16, bold: true });
    this.down(24);
    this.text(`${face.programmeName} (${this.statement.programmeCode})`, LEFT, { size: 10, grey: true });
    this.down(24);
  }

  private parties(): void {
    const { seller, buyer } = this.statement.face;
    const top = this.y;
    const party = (label: string, { name, code, address, taxNumber }: StatementParty, x: number): number => {
      this.y = top;
      this.text(label, x, { width: 235, grey: true });
      this.y += 13;
      this.text(name, x, { width: 235, bold: true });
      for (const line of [...address, ...(taxNumber === null ? [] : [`Tax number ${taxNumber}`]), `Code ${code}`]) {
        this.y += 12;
        this.text(line, x, { width: 235 });
      }
      return this.y;
    };
    this.y = Math.max(party('Seller', seller, LEFT), party('Buyer', buyer, 310));
    this.down(26);
  }

  private facts(): void {
    const { face, settlementNo, currencyCode } = this.statement;
    const facts: [string, string][] = [
      ['Number', face.number ?? '-'],
      ['Date', face.issuedOn],
      ['Period', `${face.from} to ${face.until}`],
      ['Due', face.dueOn ?? '-'],
      ['Settlement', String(settlementNo)],
      ['Currency', currencyCode],
    ];
    for (const [index, [label, value]] of facts.entries()) {
      const x = index % 2 === 0 ? LEFT : 310;
      this.text(label, x, { width: 70, grey: true });
      this.text(value, x + 70, { width: 165, bold: label === 'Number' });
      if (index % 2 === 1) this.down(13);
    }
    this.down(14);
  }

  private itemHead(): void {
    const { unitCode } = this.statement;
    this.text('What happened', LEFT, { bold: true, width: 180 });
    for (const [name, x] of [
      ['Entries', COLUMNS.count],
      [unitCode, COLUMNS.units],
      ['Value', COLUMNS.reward],
      ['Commission', COLUMNS.commission],
      ['Tax', COLUMNS.tax],
      ['Amount', COLUMNS.amount],
    ] as const) {
      this.text(name, x, { bold: true, width: 58, right: true });
    }
    this.down(13);
    this.rule();
    this.down(4);
  }

  private items(): void {
    const { items, unitScale } = this.statement;
    this.itemHead();
    for (const item of items) {
      if (this.room(13)) this.itemHead();
      this.text(EVENTS[STATEMENT_EVENTS[item.entryKind]], LEFT, { width: 185 });
      for (const [value, x] of [
        [String(item.entryCount), COLUMNS.count],
        [formatDecimal(item.units, unitScale), COLUMNS.units],
        [this.money(item.rewardMinor), COLUMNS.reward],
        [this.money(item.commissionMinor), COLUMNS.commission],
        [this.money(item.taxMinor), COLUMNS.tax],
        [this.money(item.amountMinor), COLUMNS.amount],
      ] as const) {
        this.text(value, x, { width: 58, right: true });
      }
      this.down(13);
    }
    if (items.length === 0) {
      this.text('Nothing happened in this period.', LEFT, { grey: true });
      this.down(13);
    }
    this.rule();
    this.down(12);
  }

  private taxes(): void {
    const { taxes } = this.statement.face;
    if (taxes.length === 0) return;
    this.room(26 + 13 * (taxes.length + 1));
    this.text('Tax', LEFT, { bold: true, width: 100 });
    for (const [name, x] of [
      ['Rate', 265],
      ['Net', COLUMNS.reward],
      ['Tax', COLUMNS.tax],
      ['Gross', COLUMNS.amount],
    ] as const) {
      this.text(name, x, { bold: true, width: 80, right: true });
    }
    this.down(13);
    let [net, tax] = [0n, 0n];
    const row = (label: string, rate: string, base: bigint, owed: bigint, bold: boolean): void => {
      this.text(label, LEFT, { width: 150, bold });
      this.text(rate, 265, { width: 80, right: true, bold });
      this.text(this.money(base), COLUMNS.reward, { width: 80, right: true, bold });
      this.text(this.money(owed), COLUMNS.tax, { width: 80, right: true, bold });
      this.text(this.money(base + owed), COLUMNS.amount, { width: 80, right: true, bold });
      this.down(13);
    };
    for (const { code, rate, baseMinor, taxMinor } of taxes) {
      net += BigInt(baseMinor);
      tax += BigInt(taxMinor);
      row(`Commission and fees, ${code}`, describeRate(storedRate(rate)), BigInt(baseMinor), BigInt(taxMinor), false);
    }
    if (taxes.length > 1) row('All', '', net, tax, true);
    this.rule();
    this.down(12);
  }

  private totals(): void {
    const { lines, currencyCode } = this.statement;
    for (const { side, openingMinor, netMinor, closingMinor } of lines) {
      this.room(60);
      const rows: [string, bigint, boolean][] = [
        ['Carried over from the statement before', openingMinor, false],
        ['This statement', netMinor, false],
        [`${SIDES[side]} in ${currencyCode}`, closingMinor, true],
      ];
      for (const [label, amount, bold] of rows) {
        this.text(label, 265, { width: 200, bold });
        this.text(this.money(amount), COLUMNS.amount, { width: 80, right: true, bold });
        this.down(13);
      }
      this.down(5);
    }
    this.room(13);
    this.text('Amounts above zero are owed to the programme, amounts below zero are owed by it.', LEFT, { grey: true });
    this.down(20);
  }

  private payment(): void {
    const { face, lines, currencyCode } = this.statement;
    for (const { closingMinor, carried } of lines) {
      const owed = !carried && closingMinor > 0n;
      const instruction = owed ? (face.paymentInstruction?.split(/\r?\n/).slice(0, 8) ?? []) : [];
      this.room(30 + 12 * instruction.length);
      this.text(sentenceOf(carried, closingMinor, this.money(abs(closingMinor)), currencyCode, face), LEFT, {
        bold: true,
      });
      this.down(14);
      if (instruction.length === 0) continue;
      for (const line of instruction) {
        this.text(line, LEFT);
        this.down(12);
      }
      this.text(`Please give the number ${face.number ?? ''} as the reference.`, LEFT);
      this.down(14);
    }
  }

  private feet(): void {
    const { count } = this.document.bufferedPageRange();
    const { face, settlementNo } = this.statement;
    for (let page = 0; page < count; page += 1) {
      this.document.switchToPage(page);
      this.y = 800;
      this.text(`${face.number ?? `Settlement ${settlementNo}`}, ${face.buyer.code}`, LEFT, { size: 8, grey: true });
      this.text(`Page ${page + 1} of ${count}`, RIGHT, { size: 8, grey: true, right: true, width: 100 });
    }
  }
}

const abs = (amount: bigint): bigint => (amount < 0n ? -amount : amount);
