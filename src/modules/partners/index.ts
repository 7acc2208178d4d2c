export {
  type ContractRecord,
  type DirectoryParts,
  findPartner,
  loadPartners,
  type OutletRecord,
  PartnerDirectory,
  type PartnerRecord,
} from './partner.directory.js';
export { PARTNER_ROLES, PARTNER_STATUSES, type PartnerRole, type PartnerStatus } from '../../domain/partners/partner.js';
