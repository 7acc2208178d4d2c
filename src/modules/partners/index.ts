export type { PartnerRole, PartnerStatus } from '../../domain/partners/partner.js';
export { Contract } from './contract.graphql.js';
export type { AgreeContract, AgreedContract } from './contract.service.js';
export { ofPartner } from './of-partner.js';
export {
  type ContractRecord,
  findPartner,
  loadPartners,
  type OutletRecord,
  PartnerDirectory,
  type PartnerRecord,
} from './partner.directory.js';
export { OutletEntity, PartnerEntity } from './partner.entity.js';
export type { PartnerErrorCode } from './partner.errors.js';
export { ChannelEnum, Outlet, Partner, PartnerUserError } from './partner.graphql.js';
export { PARTNER_BY_NO } from './partner.loaders.js';
export { OutletResolver, PartnerResolver, partnerNodes } from './partner.resolver.js';
export { type OnboardPartner, PartnerService } from './partner.service.js';
