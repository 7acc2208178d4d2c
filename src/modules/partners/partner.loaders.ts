/** Batched reads of partners and what belongs to them. */
import { invariant } from '../../domain/kernel/invariant.js';
import type { LoaderDefinition } from '../../graphql/context.js';
import type { Keyset } from '../../graphql/keyset.js';
import { groupedBy, inOrderOf } from '../../graphql/loaders.js';
import { nestedLoader } from '../../graphql/nested.js';
import { rowsOf } from '../../infrastructure/db/entity-rows.js';
import { ProgrammeEntity } from '../programmes/index.js';
import { ContractEntity } from './contract.entity.js';
import { Contract } from './contract.graphql.js';
import { OutletEntity, OutletMerchantIdEntity, PartnerEntity } from './partner.entity.js';
import { Partner } from './partner.graphql.js';

/** By the ledger's party number. */
export const PARTNER_BY_NO: LoaderDefinition<number, Partner | undefined> = {
  name: 'partners.by-no',
  async load(nos, { em }) {
    const found = await rowsOf(em, PartnerEntity, 'where no = any($1::int[])', [nos]);
    return inOrderOf(nos, found.map(Partner.of), ({ no }) => no);
  },
};

/** All versions of a partner's contracts that the caller may see, newest first in each programme. */
export const CONTRACTS_OF_PARTNER: LoaderDefinition<string, readonly Contract[]> = {
  name: 'partners.contracts-of-partner',
  async load(partnerIds, { em }) {
    const found = await em.find(
      ContractEntity,
      { partnerId: { $in: [...partnerIds] } },
      { orderBy: [{ programmeId: 'asc' }, { version: 'desc' }] },
    );
    const programmeIds = [...new Set(found.map(({ programmeId }) => programmeId))];
    const programmes = new Map(
      (await em.find(ProgrammeEntity, { id: { $in: programmeIds } })).map((programme) => [programme.id, programme]),
    );
    return groupedBy(partnerIds, found, ({ partnerId }) => partnerId).map((contracts) =>
      contracts.map((contract) => {
        const programme = programmes.get(contract.programmeId);
        invariant(programme !== undefined, 'who sees a contract sees its programme');
        return Contract.of(contract, programme);
      }),
    );
  },
};

export const OUTLETS: Keyset = { name: 'outlets', columns: [{ property: 'code', kind: 'text' }], direction: 'ASC' };

export const OUTLETS_OF_PARTNER = nestedLoader<OutletEntity>({
  name: 'partners.outlets-of-partner',
  keyset: OUTLETS,
  entity: OutletEntity,
  parent: { column: 'partner_id', kind: 'uuid' },
});

/** What acquirers call an outlet; nothing where the caller may not see it. */
export const MERCHANT_IDS_OF_OUTLET: LoaderDefinition<string, readonly string[]> = {
  name: 'partners.merchant-ids-of-outlet',
  async load(outletIds, { em }) {
    const found = await em.find(
      OutletMerchantIdEntity,
      { outletId: { $in: [...outletIds] } },
      { orderBy: { merchantId: 'asc' } },
    );
    return groupedBy(outletIds, found, ({ outletId }) => outletId).map((rows) =>
      rows.map(({ merchantId }) => merchantId),
    );
  },
};
