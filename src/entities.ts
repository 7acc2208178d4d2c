/** Every entity of every module: what the ORM knows and what the schema guard compares with the migrations. */
import type { Entities } from './infrastructure/db/orm.js';

export const entities: Entities = [];
