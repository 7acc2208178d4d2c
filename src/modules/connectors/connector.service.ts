/** Use cases of those who decide about connectors: how partners are reached, what they are asked, and when. */
import type { Principal } from '../../domain/access/principal.js';
import {
  type ConnectorStatus,
  type ConnectorTerms,
  checkConnector,
  isConnectorCode,
} from '../../domain/connectors/connector.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { isId } from '../../graphql/scalars.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import type { Outbound } from '../../infrastructure/outbound/index.js';
import { type Action, authorize, itself } from '../access/index.js';
import type { ReferenceCache } from '../transactions/index.js';
import type { ConnectorErrorCode } from './connector.errors.js';
import {
  type ConnectorRecord,
  findConnectorById,
  insertConnector,
  lockConnector,
  runSoon,
  secretPlace,
  updateConnector,
} from './connector.sql.js';
import { hasPendingPayouts } from './payout.sql.js';

export interface CreateConnector {
  readonly code: string;
  readonly partnerCode: string;
  readonly programmeCode: string;
  readonly terms: ConnectorTerms;
  readonly secret: string | undefined;
}

/** What is absent stays as it is. */
export type UpdateConnector = Partial<Omit<ConnectorTerms, 'kind'>> & { readonly secret: string | undefined };

type Answered = Result<{ readonly id: string }, ConnectorErrorCode>;

const SECRET = { least: 8, most: 1_000 };

export class ConnectorService {
  constructor(
    private readonly database: Database,
    private readonly references: ReferenceCache,
    private readonly outbound: Outbound,
  ) {}

  async create(principal: Principal, command: CreateConnector): Promise<Answered> {
    authorize(principal, 'connector.manage');
    const { code, partnerCode, programmeCode, terms, secret } = command;
    if (!isConnectorCode(code))
      return fail('MALFORMED_CODE', 'A code has 1 to 63 small letters, digits and dashes.', 'code');
    const { partners, programmes } = await this.references.fresh(this.database);
    const partner = partners.byCode(partnerCode);
    if (partner === undefined)
      return fail('UNKNOWN_PARTNER', `No partner has the code "${partnerCode}"; onboard it first.`, 'partnerCode');
    const programme = programmes.byCode(programmeCode);
    if (programme === undefined)
      return fail('UNKNOWN_PROGRAMME', `There is no programme "${programmeCode}"; apply it first.`, 'programmeCode');
    const checked = check(terms, secret, false);
    if (!checked.ok) return checked;
    const callable = await this.checkAddresses(terms);
    if (!callable.ok) return callable;
    return this.database.command(async (tx) => {
      const id = newId();
      const made = await insertConnector(tx, {
        ...{ id, code, partnerNo: partner.no, programmeNo: programme.no, ...terms },
        ...{ sealedSecret: sealed(tx, id, secret), createdBy: principal.subject },
      });
      return made === undefined
        ? fail('CONNECTOR_EXISTS', `There is a connector "${code}", or was one; choose another code.`, 'code')
        : ok({ id });
    });
  }

  /** Changes how the partner is reached and asked; whatever is given is used from the next call on. */
  async update(principal: Principal, id: string, { secret, ...changes }: UpdateConnector): Promise<Answered> {
    authorize(principal, 'connector.manage');
    const before = isId(id) ? await this.database.command((tx) => findConnectorById(tx, id)) : undefined;
    // Names are looked up before the transaction: nobody waits for a name server with a row locked.
    const callable = before && (await this.checkAddresses({ ...before, ...changes }));
    if (callable !== undefined && !callable.ok) return callable;
    return this.change(principal, 'connector.manage', id, async (tx, found) => {
      const terms: ConnectorTerms = { ...found, ...changes };
      // A secret is good for the server it was given for, and not sent to another one.
      const moved = originOf(terms) !== originOf(found) || terms.auth.tokenUrl !== found.auth.tokenUrl;
      // Another server does not know the keys of what this one may have paid.
      if (originOf(terms) !== originOf(found) && (await hasPendingPayouts(tx, id))) return payoutsPending('address');
      const kept = moved || terms.auth.kind === 'NONE' ? null : found.sealedSecret;
      const checked = check(terms, secret, kept !== null);
      if (!checked.ok) return checked;
      const sealedSecret = secret === undefined ? kept : sealed(tx, id, secret);
      await updateConnector(tx, { id, ...terms, status: found.status, sealedSecret });
      return ok({ id });
    });
  }

  /** The partner itself may change what it knows us by. */
  setSecret(principal: Principal, id: string, secret: string): Promise<Answered> {
    return this.change(principal, 'connector.secret', id, async (tx, found) => {
      const wrong = faultOfSecret(found, secret, false);
      if (wrong !== undefined) return fail('MALFORMED_SECRET', wrong, 'secret');
      await updateConnector(tx, { ...found, sealedSecret: sealed(tx, id, secret) });
      return ok({ id });
    });
  }

  /** Pauses, resumes or removes; again is the same. */
  setStatus(principal: Principal, id: string, status: ConnectorStatus): Promise<Answered> {
    return this.change(principal, 'connector.manage', id, async (tx, found) => {
      if (status === 'REMOVED' && (await hasPendingPayouts(tx, id))) return payoutsPending('connectorId');
      // What was removed is asked never again, so nobody needs its secret.
      await updateConnector(tx, { ...found, status, ...(status === 'REMOVED' && { sealedSecret: null }) });
      return ok({ id });
    });
  }

  /** Its feed is fetched within seconds; from its beginning when wanted: what is known is answered as a duplicate. */
  runSoon(principal: Principal, id: string, fromStart: boolean): Promise<Answered> {
    return this.change(principal, 'connector.manage', id, async (tx, found) => {
      if (found.status !== 'ACTIVE' || !found.endpoints.some(({ capability }) => capability === 'TRANSACTIONS'))
        return fail('NOT_TO_BE_FETCHED', 'It is paused or has no feed; resume it or give it one first.', 'connectorId');
      await runSoon(tx, id, fromStart);
      return ok({ id });
    });
  }

  private change(
    principal: Principal,
    action: Action,
    id: string,
    work: (tx: DbTransaction, found: ConnectorRecord) => Promise<Answered>,
  ): Promise<Answered> {
    return this.database.command(async (tx) => {
      const found = isId(id) ? await lockConnector(tx, id) : undefined;
      authorize(principal, action, found === undefined ? itself(principal) : { partnerNos: [found.partnerNo] });
      if (found === undefined)
        return fail('UNKNOWN_CONNECTOR', 'There is no such connector; see the list of connectors.', 'connectorId');
      if (found.status === 'REMOVED')
        return fail('CONNECTOR_REMOVED', 'It was removed for good; create another one.', 'connectorId');
      return work(tx, found);
    });
  }

  private async checkAddresses({
    kind,
    address,
    auth,
  }: Pick<ConnectorTerms, 'kind' | 'address' | 'auth'>): Promise<Result<undefined, ConnectorErrorCode>> {
    if (kind === 'FOLDER') return ok(undefined);
    for (const [field, url] of [['address', address] as const, ['auth.tokenUrl', auth.tokenUrl] as const]) {
      if (url === undefined) continue;
      const callable = await this.outbound.check(url);
      if (!callable.ok) return fail(callable.failure.code, callable.failure.message, field);
    }
    return ok(undefined);
  }
}

function check(
  terms: ConnectorTerms,
  secret: string | undefined,
  hasSecret: boolean,
): Result<undefined, ConnectorErrorCode> {
  const checked = checkConnector(terms);
  if (!checked.ok) return checked;
  const wrong = faultOfSecret(terms, secret, hasSecret);
  return wrong === undefined ? ok(undefined) : fail('MALFORMED_SECRET', wrong, 'secret');
}

const payoutsPending = (field: string) =>
  fail('PAYOUTS_PENDING', 'Payouts are open by it; wait until the bank has said what became of them.', field);

const sealed = (tx: DbTransaction, id: string, secret: string | undefined): Buffer | null =>
  secret === undefined ? null : tx.secrets.seal(secret, secretPlace(id));

const originOf = ({ kind, address }: Pick<ConnectorTerms, 'kind' | 'address'>): string =>
  kind === 'FOLDER' ? address : (URL.parse(address)?.origin ?? address);

function faultOfSecret(
  { auth }: Pick<ConnectorTerms, 'auth'>,
  secret: string | undefined,
  hasSecret: boolean,
): string | undefined {
  if (auth.kind === 'NONE') return secret === undefined ? undefined : 'Without authentication there is no secret.';
  if (secret === undefined)
    return hasSecret ? undefined : 'Give the secret by which the partner knows us at this address.';
  if (secret.length < SECRET.least || secret.length > SECRET.most) return 'A secret has 8 to 1,000 characters.';
  // It stands in a header.
  return /^[\x21-\x7e]+$/.test(secret) ? undefined : 'A secret is written in visible ASCII characters.';
}
