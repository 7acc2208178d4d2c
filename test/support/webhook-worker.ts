/** A process of its own that sends what waits for webhooks until it is killed: `webhook-worker <writer URL> <reader URL>`. */
import 'reflect-metadata';
import { entities } from '../../src/entities.js';
import { openDatabases } from '../../src/infrastructure/db/orm.js';
import { createOutbound } from '../../src/infrastructure/outbound/index.js';
import { WebhookDispatcher } from '../../src/modules/webhooks/index.js';
import { TEST_SECRETS } from './database.js';

const [, , writerUrl = '', readerUrl = ''] = process.argv;
const { database } = await openDatabases({ writerUrl, readerUrl, entities, secrets: TEST_SECRETS });
await new WebhookDispatcher(database, createOutbound({ allowLoopback: true })).run();
