export { ErasureService } from './erasure.service.js';
export { ExportService } from './export.service.js';
export { PERSONAL_DATA } from './personal-data.js';
export { PrivacyResolver } from './privacy.resolver.js';
export { resealAll } from './sealed-columns.js';
