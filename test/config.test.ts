import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseConfig } from '../src/config.js';
import { OperatorError } from '../src/infrastructure/operator-error.js';

describe('parseConfig', () => {
  it.each([
    [{ PORT: 'http' }, 'PORT must be a number from 0 to 65535'],
    [{ PORT: '65536' }, 'PORT must be a number from 0 to 65535'],
    [{ HANSA_ENV: 'staging' }, 'HANSA_ENV must be development, test or production'],
    [
      { DATABASE_URL: 'mysql://u:p@host/db' },
      'DATABASE_URL must look like postgres://user:password@host:5432/database',
    ],
    [
      { DATABASE_URL: 'postgres://u:p@host' },
      'DATABASE_URL must look like postgres://user:password@host:5432/database',
    ],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent'],
    [{ HANSA_JWT_ISSUER: 'login.example' }, 'HANSA_JWT_ISSUER must be a URL that begins with https://'],
    [{ HANSA_PERSISTED_ONLY: 'PARTNER' }, 'HANSA_PERSISTED_ONLY is set without HANSA_PERSISTED_OPERATIONS'],
    [{ HANSA_PERSISTED_ONLY: 'PARTNERS' }, 'HANSA_PERSISTED_ONLY'],
    [{ HANSA_RATE_COST: '1e3' }, 'HANSA_RATE_COST must be a whole number a minute'],
    [{ HANSA_TRUSTED_PROXIES: '10.0.0.0/8,proxy' }, 'HANSA_TRUSTED_PROXIES must be addresses or networks'],
    [{ HANSA_JWKS_URI: 'https://login.example/keys' }, 'HANSA_JWKS_URI is set without HANSA_JWT_ISSUER'],
    [{ HANSA_ALLOW_LOOPBACK: 'yes' }, 'HANSA_ALLOW_LOOPBACK must be true or false'],
    [{ HANSA_ALLOW_LOOPBACK: 'true', HANSA_ENV: 'production' }, 'HANSA_ALLOW_LOOPBACK is true in production'],
    [{ PORT: 'x', LOG_LEVEL: 'y' }, 'LOG_LEVEL must be one of trace'],
  ])('refuses %j and names the variable', (variables, sentence) => {
    expect(() => parseConfig(variables)).toThrow(OperatorError);
    expect(() => parseConfig(variables)).toThrow(sentence);
  });

  it('needs nothing', () => {
    const config = parseConfig({});
    expect(config).toMatchObject({
      environment: 'development',
      databaseUrl: undefined,
      host: '127.0.0.1',
      port: 4000,
      logLevel: 'info',
      tokenIssuer: undefined,
      tokenAudience: 'hansa',
      dataDir: join(config.projectFolder, '.hansa'),
    });
    expect(existsSync(config.migrationsFolder)).toBe(true);
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(parseConfig({ PORT: '', DATABASE_URL: '', HANSA_DATA_DIR: '' })).toEqual(parseConfig({}));
  });

  it.each([
    [{ NODE_ENV: 'production' }, 'production'],
    [{ NODE_ENV: 'staging' }, 'development'],
    [{ NODE_ENV: 'production', HANSA_ENV: 'test' }, 'test'],
  ])('reads the environment of %j', (variables, environment) => {
    expect(parseConfig(variables).environment).toBe(environment);
  });

  it('takes a relative data directory from where the command was called', () => {
    expect(parseConfig({ HANSA_DATA_DIR: 'elsewhere' }).dataDir).toBe(resolve('elsewhere'));
  });

  it('finds the keys of an issuer by discovery, or where it is told', () => {
    const issuer = 'https://login.example';
    expect(parseConfig({ HANSA_JWT_ISSUER: issuer }).tokenIssuer).toEqual({ issuer, jwksUri: undefined });
    const jwksUri = 'https://login.example/keys';
    expect(parseConfig({ HANSA_JWT_ISSUER: issuer, HANSA_JWKS_URI: jwksUri }).tokenIssuer).toEqual({ issuer, jwksUri });
  });
});
