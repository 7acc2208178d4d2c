export {
  PARTNER_ROLES,
  PARTNER_STATUSES,
  type PartnerRole,
  type PartnerStatus,
} from '../../domain/partners/partner.js';
export { Contract, SettlementModelEnum, TaxTreatmentEnum } from './contract.graphql.js';
export type { AgreeContract, AgreedContract } from './contract.service.js';
export {
  type ContractRecord,
  type DirectoryParts,
  findPartner,
  loadPartners,
  type OutletRecord,
  PartnerDirectory,
  type PartnerRecord,
} from './partner.directory.js';
export type { PartnerErrorCode } from './partner.errors.js';
export { ChannelEnum, Outlet, Partner, PartnerRoleEnum, PartnerStatusEnum } from './partner.graphql.js';
export { OUTLET_BY_ID, PARTNER_BY_NO } from './partner.loaders.js';
export { OutletResolver, PartnerResolver, partnerNodes } from './partner.resolver.js';
export { type OnboardPartner, PartnerService } from './partner.service.js';
