/** Writing partners' invoices. */
import type { ServiceCharge } from '../../domain/settlement/service-charge.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

const INSERT = statement(
  'service-charges.insert',
  `insert into service_charge (id, programme_no, partner_no, invoice_number, invoiced_on, net_minor, tax_code, tax_minor,
                               recorded_by, recorded_at, entry_no)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
   on conflict (programme_no, partner_no, invoice_number) do nothing returning id`,
);

export interface NewServiceCharge extends ServiceCharge {
  readonly id: string;
  readonly programmeNo: number;
  readonly partnerNo: number;
  readonly recordedBy: string;
  readonly recordedAt: Date;
  readonly entryNo: bigint;
}

/** False when an invoice of that number is there already. */
export async function insertServiceCharge(tx: DbTransaction, charge: NewServiceCharge): Promise<boolean> {
  const { id, programmeNo, partnerNo, invoiceNumber, invoicedOn, netMinor, taxCode, taxMinor } = charge;
  const { recordedBy, recordedAt, entryNo } = charge;
  const rows = await tx.run(INSERT, [
    ...[id, programmeNo, partnerNo, invoiceNumber, invoicedOn, netMinor, taxCode, taxMinor],
    ...[recordedBy, recordedAt, entryNo],
  ]);
  return rows.length > 0;
}
