/** Items of the catalogue and what members have claimed, as rows. Written by catalogue.sql.ts; the ORM only reads them. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { ItemKind } from '../../domain/catalogue/item.js';

export const CatalogueItemEntity = defineEntity({
  name: 'CatalogueItemEntity',
  tableName: 'catalogue_item',
  uniques: [{ name: 'catalogue_item_programme_no_code_key', properties: ['programmeNo', 'code'] }],
  properties: {
    id: p.uuid().primary(),
    programmeNo: p.integer(),
    code: p.text(),
    name: p.text(),
    description: p.text(),
    kind: p.text().$type<ItemKind>(),
    supplierNo: p.integer(),
    priceUnits: p.bigint(),
    claimableFrom: p.date(),
    claimableUntil: p.date().nullable(),
    stock: p.integer().nullable(),
    claimed: p.integer().default(0),
    discountMinor: p.bigint().nullable(),
    discountRate: p.text().nullable(),
    validDays: p.integer().nullable(),
    publishedAt: p.datetime(6),
    publishedBy: p.text(),
    withdrawnAt: p.datetime(6).nullable(),
  },
});
export type CatalogueItemEntity = InferEntity<typeof CatalogueItemEntity>;

export const CatalogueClaimEntity = defineEntity({
  name: 'CatalogueClaimEntity',
  tableName: 'catalogue_claim',
  properties: {
    id: p.uuid().primary(),
    memberNo: p.integer().primary(),
    programmeNo: p.integer(),
    itemId: () =>
      p
        .manyToOne(CatalogueItemEntity)
        .mapToPk()
        .fieldName('item_id')
        .foreignKeyName('catalogue_claim_item_id_fkey')
        .index(false),
    supplierNo: p.integer(),
    claimedAt: p.datetime(6),
    codeHash: p.blob().nullable().lazy().unique('catalogue_claim_code_hash_key'),
    validUntil: p.date().nullable(),
    usedAt: p.datetime(6).nullable(),
    usedReference: p.text().nullable(),
  },
  indexes: [
    { name: 'catalogue_claim_member_no_idx', properties: ['memberNo', 'id'] },
    { name: 'catalogue_claim_item_id_idx', properties: ['itemId', 'memberNo'] },
  ],
});
export type CatalogueClaimEntity = InferEntity<typeof CatalogueClaimEntity>;
