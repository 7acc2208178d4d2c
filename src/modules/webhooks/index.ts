export { WebhookDispatcher } from './dispatcher.js';
export { forgetOld } from './forgetting.sql.js';
export { WebhookResolver, webhookNodes } from './webhook.resolver.js';
export { WebhookService } from './webhook.service.js';
