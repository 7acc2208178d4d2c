/** What stands on statements, and making their PDFs: once each, soon after the issue, and kept from then on. */
import { createHash } from 'node:crypto';
import type { Principal } from '../../domain/access/principal.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { addressLines } from '../../domain/settlement/invoice.js';
import type { Database } from '../../infrastructure/db/database.js';
import { authorize } from '../access/index.js';
import { findPartner } from '../partners/index.js';
import {
  type BilledParty,
  findBilledParties,
  findPrinted,
  lockUnprinted,
  storeBillingDetails,
  storePdf,
  type UnprintedStatement,
} from './face.sql.js';
import { statementPdf } from './statement-pdf.js';
import { findProgramme } from './window.sql.js';

export interface BillingDetailsCommand {
  readonly programmeCode: string;
  /** The operator of the programme when absent. */
  readonly partnerCode?: string | null | undefined;
  readonly legalName: string;
  readonly address: string;
  readonly taxNumber?: string | null | undefined;
  readonly paymentInstruction?: string | null | undefined;
}

export type BillingErrorCode = 'UNKNOWN_PROGRAMME' | 'UNKNOWN_PARTNER' | 'MALFORMED_DETAILS';

const LONGEST = { legalName: 200, address: 500, taxNumber: 50, paymentInstruction: 500 } as const;
const MOST_ADDRESS_LINES = 6;

/** Statements made into PDFs in one transaction: some tenths of a second. */
const CHUNK = 20;

export class SettlementStatementService {
  constructor(private readonly database: Database) {}

  /** Says who a party is on the statements that are issued from now on. */
  async setBillingDetails(
    principal: Principal,
    command: BillingDetailsCommand,
  ): Promise<Result<BilledParty, BillingErrorCode>> {
    authorize(principal, 'billing.set');
    const fault = checkDetails(command);
    if (fault !== undefined) return fault;
    const { programmeCode, partnerCode, legalName, address, taxNumber, paymentInstruction } = command;
    return this.database.command(async (tx) => {
      const programme = await findProgramme(tx, programmeCode);
      if (programme === undefined) {
        return fail('UNKNOWN_PROGRAMME', `There is no programme "${programmeCode}"; apply it first.`, 'programmeCode');
      }
      const partner = partnerCode ? await findPartner(tx, partnerCode) : undefined;
      if (partnerCode && partner === undefined) {
        return fail('UNKNOWN_PARTNER', `There is no partner "${partnerCode}"; onboard it first.`, 'partnerCode');
      }
      const partyNo = partner?.no ?? 0;
      await storeBillingDetails(tx, {
        programmeNo: programme.no,
        partyNo,
        legalName: legalName.trim(),
        address: addressLines(address).join('\n'),
        taxNumber: taxNumber ?? null,
        paymentInstruction: paymentInstruction ?? null,
        by: principal.subject,
      });
      const parties = await findBilledParties(tx, programme.no, [partyNo]);
      return ok(parties.find((party) => party.partyNo === partyNo) as BilledParty);
    });
  }

  /** The periodic job: makes the PDFs of the statements that have none. */
  async printWaiting(signal: AbortSignal): Promise<void> {
    for (let printed = CHUNK; printed === CHUNK && !signal.aborted; ) {
      printed = await this.database.command(async (tx) => {
        const waiting = await lockUnprinted(tx, CHUNK);
        for (const which of waiting) {
          const statement = await findPrinted(tx, which);
          if (statement === undefined) continue;
          const pdf = await statementPdf(statement);
          await storePdf(tx, which, pdf, sha256(pdf));
        }
        return waiting.length;
      });
    }
  }

  /** Makes the PDF of one statement now, for somebody who does not want to wait; undefined when it cannot have one. */
  async print(which: UnprintedStatement): Promise<{ readonly pdf: Buffer; readonly sha256: string } | undefined> {
    return this.database.command(async (tx) => {
      const statement = await findPrinted(tx, which);
      if (statement === undefined) return undefined;
      const pdf = await statementPdf(statement);
      await storePdf(tx, which, pdf, sha256(pdf));
      return { pdf, sha256: sha256(pdf) };
    });
  }
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

function checkDetails(command: BillingDetailsCommand) {
  for (const field of ['legalName', 'address', 'taxNumber', 'paymentInstruction'] as const) {
    const text = command[field];
    if (text === null || text === undefined) continue;
    if (text.trim() === '' || text.length > LONGEST[field]) {
      return fail(
        'MALFORMED_DETAILS',
        `Write 1 to ${LONGEST[field]} characters, or leave it out where it may be.`,
        field,
      );
    }
  }
  if (addressLines(command.address).length > MOST_ADDRESS_LINES) {
    return fail('MALFORMED_DETAILS', `Write the address in at most ${MOST_ADDRESS_LINES} lines.`, 'address');
  }
  return undefined;
}
