/** Partners' invoices as rows, for reading. Written by service-charge.sql.ts alone. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

export const ServiceChargeEntity = defineEntity({
  name: 'ServiceChargeEntity',
  tableName: 'service_charge',
  indexes: [{ name: 'service_charge_programme_no_id_idx', properties: ['programmeNo', 'id'] }],
  uniques: [
    {
      name: 'service_charge_programme_no_partner_no_invoice_number_key',
      properties: ['programmeNo', 'partnerNo', 'invoiceNumber'],
    },
  ],
  properties: {
    id: p.uuid().primary(),
    programmeNo: p.integer(),
    partnerNo: p.integer(),
    invoiceNumber: p.text(),
    invoicedOn: p.date(),
    netMinor: p.bigint(),
    taxCode: p.text(),
    taxMinor: p.bigint(),
    recordedBy: p.text(),
    recordedAt: p.datetime(6),
    entryNo: p.bigint(),
  },
});
export type ServiceChargeEntity = InferEntity<typeof ServiceChargeEntity>;
