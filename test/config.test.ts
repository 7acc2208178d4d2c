import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
    [
      { HANSA_ALLOW_LOOPBACK: 'true', HANSA_ENV: 'production', HANSA_JWKS_URI: 'https://login.example/keys' },
      /^HANSA_ALLOW_LOOPBACK .+\nHANSA_JWKS_URI /,
    ],
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
      tokenIssuers: [],
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

  describe('issuers of tokens', () => {
    const issuer = 'https://login.example';
    const kinds = ['OPERATOR', 'PARTNER', 'MEMBER', 'SERVICE'];
    const issuersFile = (text: string): string => {
      const path = join(mkdtempSync(join(tmpdir(), 'hansa-config-')), 'issuers.yaml');
      writeFileSync(path, text);
      return path;
    };

    it('are found by discovery, or where it is told, and make nobody an administrator', () => {
      expect(parseConfig({ HANSA_JWT_ISSUER: `${issuer}, https://other.example` }).tokenIssuers).toEqual([
        { issuer, discovery: true, trust: { kinds } },
        { issuer: 'https://other.example', discovery: true, trust: { kinds } },
      ]);
      const jwksUri = 'https://login.example/keys';
      expect(parseConfig({ HANSA_JWT_ISSUER: issuer, HANSA_JWKS_URI: jwksUri }).tokenIssuers).toEqual([
        { issuer, jwksUri, trust: { kinds } },
      ]);
    });

    it('may be listed in a file that says what each may say', () => {
      const path = issuersFile(`
        - { issuer: ${issuer}, kinds: [ADMIN], scopes: ['programme:admin'] }
        - { issuer: https://bank.example, jwksUri: https://bank.example/keys, kinds: [PARTNER], partners: [hanse-bank] }`);
      expect(parseConfig({ HANSA_JWT_ISSUERS_FILE: path }).tokenIssuers).toEqual([
        { issuer, discovery: true, trust: { kinds: ['ADMIN'], scopes: ['programme:admin'] } },
        {
          issuer: 'https://bank.example',
          jwksUri: 'https://bank.example/keys',
          trust: { kinds: ['PARTNER'], partners: ['hanse-bank'] },
        },
      ]);
    });

    it.each<[string, () => Record<string, string>, string]>([
      ['a file that is not there', () => ({ HANSA_JWT_ISSUERS_FILE: '/nowhere/issuers.yaml' }), 'which cannot be read'],
      ['no YAML', () => ({ HANSA_JWT_ISSUERS_FILE: issuersFile('[') }), 'is not well-formed YAML or JSON'],
      [
        'an unknown word',
        () => ({ HANSA_JWT_ISSUERS_FILE: issuersFile(`[{ issuer: ${issuer}, kind: ADMIN }]`) }),
        'kind',
      ],
      [
        'an unknown kind',
        () => ({ HANSA_JWT_ISSUERS_FILE: issuersFile(`[{ issuer: ${issuer}, kinds: [ROOT] }]`) }),
        'kinds',
      ],
      ['an issuer twice', () => ({ HANSA_JWT_ISSUER: `${issuer},${issuer}` }), 'is named twice'],
      ['itself', () => ({ HANSA_JWT_ISSUER: issuer, HANSA_ISSUER_URL: issuer }), 'is named twice'],
      [
        'one address of keys for two',
        () => ({ HANSA_JWT_ISSUER: `${issuer},https://b.example`, HANSA_JWKS_URI: issuer }),
        'HANSA_JWKS_URI',
      ],
      [
        'no HTTPS in production',
        () => ({ HANSA_ENV: 'production', HANSA_JWT_ISSUER: 'http://login.example' }),
        'use https://',
      ],
      [
        'an address with a path',
        () => ({ HANSA_ISSUER_URL: 'https://gateway.example/hansa' }),
        'HANSA_ISSUER_URL must be an address without a path',
      ],
    ])('refuses %s', (_what, variables, sentence) => {
      expect(() => parseConfig(variables())).toThrow(sentence);
    });

    it('is itself at its public address, else where it listens', () => {
      expect(parseConfig({ HANSA_ISSUER_URL: 'https://gateway.example/' }).issuerUrl).toBe('https://gateway.example');
      expect(parseConfig({ PORT: '4001' }).issuerUrl).toBe('http://127.0.0.1:4001');
    });
  });
});
