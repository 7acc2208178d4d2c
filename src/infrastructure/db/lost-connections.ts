/**
 * A connection that is lost in a transaction of the ORM goes back to its pool.
 *
 * Kysely gives a transaction's connection back when `commit` or `rollback` has worked; on one that the server has ended
 * neither does, nor `begin`. Every such transaction took a place of the pool for ever: after a restart of PostgreSQL under
 * load a gateway could not read any more. The pool throws a dead connection away when it gets it back.
 */
import type { MikroORM } from '@mikro-orm/postgresql';

/** As far as Kysely's own types matter here; its package is the ORM's, not ours. */
interface KyselyDriver {
  beginTransaction(connection: unknown, settings: unknown): Promise<void>;
  rollbackTransaction(connection: unknown): Promise<void>;
  releaseConnection(connection: unknown): Promise<void>;
}
interface Dialects {
  createKyselyDialect(overrides: unknown): { createDriver(): KyselyDriver };
}

/** Before the ORM is used for the first time. */
export function giveLostConnectionsBack(orm: MikroORM): MikroORM {
  const connection = orm.em.getConnection() as unknown as Dialects;
  const dialectOf = connection.createKyselyDialect.bind(connection);
  connection.createKyselyDialect = (overrides) => {
    const dialect = dialectOf(overrides);
    const driverOf = dialect.createDriver.bind(dialect);
    dialect.createDriver = () => releasing(driverOf());
    return dialect;
  };
  return orm;
}

function releasing(driver: KyselyDriver): KyselyDriver {
  const begin = driver.beginTransaction.bind(driver);
  const rollback = driver.rollbackTransaction.bind(driver);
  driver.beginTransaction = async (connection, settings) => {
    try {
      await begin(connection, settings);
    } catch (error) {
      await driver.releaseConnection(connection); // nobody else will: there is no transaction
      throw error;
    }
  };
  driver.rollbackTransaction = async (connection) => {
    // What cannot be rolled back has no connection any more, and the server has rolled it back.
    await rollback(connection).catch(() => undefined);
  };
  return driver;
}
