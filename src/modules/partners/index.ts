export {
  type ContractRecord,
  type DirectoryParts,
  loadPartners,
  type OutletRecord,
  PARTNER_ROLES,
  PARTNER_STATUSES,
  PartnerDirectory,
  type PartnerRecord,
  type PartnerRole,
  type PartnerStatus,
} from './partner.directory.js';
