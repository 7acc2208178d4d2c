/** Use cases on webhook endpoints. A partner manages its own; those who run the programmes manage all, and have theirs. */
import type { Principal } from '../../domain/access/principal.js';
import type { EventType } from '../../domain/events/event-type.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { isId } from '../../graphql/scalars.js';
import { readClock } from '../../infrastructure/db/clock.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import type { Outbound } from '../../infrastructure/outbound/index.js';
import { authorize, itself } from '../access/index.js';
import { findPartner } from '../partners/index.js';
import {
  addSecret,
  deleteEndpoint,
  type EndpointRecord,
  expireSecrets,
  findEndpoint,
  findSecrets,
  insertEndpoint,
  lockEndpoint,
  lockEndpointsOf,
  resume,
  rewind,
  setStatus,
  updateEndpoint,
} from './endpoint.sql.js';
import { type Attempted, send } from './sending.js';
import type { WebhookErrorCode } from './webhook.errors.js';

export interface CreateEndpoint {
  /** Whose it is: the caller's own when absent, or that of those who run the programmes. */
  readonly partnerCode?: string | null | undefined;
  readonly url: string;
  readonly description?: string | null | undefined;
  /** None: all. */
  readonly eventTypes: readonly EventType[];
}

/** What is left out stays as it is. */
export interface UpdateEndpoint {
  readonly endpointId: string;
  readonly url?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly eventTypes?: readonly EventType[] | undefined;
}

type Answered<T = { readonly id: string }> = Promise<Result<T, WebhookErrorCode>>;

const MOST_ENDPOINTS = 20;
const MOST_SECRETS = 4;
const LONGEST_DESCRIPTION = 200;
const LONGEST_OVERLAP_HOURS = 168;

export class WebhookService {
  constructor(
    private readonly database: Database,
    private readonly outbound: Outbound,
  ) {}

  /** Makes an endpoint that hears of what happens from now on, with a first secret, which is told here only. */
  async create(principal: Principal, command: CreateEndpoint): Answered<{ id: string; secret: string }> {
    authorize(principal, 'webhook.manage', itself(principal));
    const { partnerCode, url, description = null, eventTypes } = command;
    const fault = checkDescription(description) ?? (await this.refusalOf(url));
    if (fault !== undefined) return fault;
    return this.database.command(async (tx) => {
      const owner = await ownerOf(tx, principal, partnerCode ?? undefined);
      if (!owner.ok) return owner;
      const others = await lockEndpointsOf(tx, owner.value);
      if (others.length >= MOST_ENDPOINTS)
        return fail('TOO_MANY_ENDPOINTS', `There are ${MOST_ENDPOINTS} endpoints; remove one that is not used.`);
      if (others.some((other) => other.url === url)) return taken();
      const id = newId();
      const types = [...new Set(eventTypes)];
      const endpoint = {
        id,
        partnerNo: owner.value,
        url,
        description,
        eventTypes: types,
        createdBy: principal.subject,
      };
      return ok({ id, secret: await addSecret(tx, await insertEndpoint(tx, endpoint)) });
    });
  }

  async update(principal: Principal, command: UpdateEndpoint): Answered {
    const { endpointId, url, description, eventTypes } = command;
    authorize(principal, 'webhook.manage', itself(principal));
    const fault = checkDescription(description ?? null) ?? (url == null ? undefined : await this.refusalOf(url));
    if (fault !== undefined) return fault;
    return this.change(principal, endpointId, async (tx, endpoint) => {
      const others = await lockEndpointsOf(tx, endpoint.partnerNo);
      if (url != null && others.some((other) => other.url === url && other.no !== endpoint.no)) return taken();
      await updateEndpoint(tx, {
        ...endpoint,
        url: url ?? endpoint.url,
        description: description === undefined ? endpoint.description : description,
        eventTypes: eventTypes === undefined ? endpoint.eventTypes : [...new Set(eventTypes)],
      });
      return ok({ id: endpoint.id });
    });
  }

  /** Nothing is sent until it is resumed; what happens meanwhile is kept for it. */
  pause(principal: Principal, endpointId: string): Answered {
    return this.change(principal, endpointId, async (tx, { no, id }) => {
      await setStatus(tx, no, 'PAUSED', 'REQUESTED');
      return ok({ id });
    });
  }

  /** Goes on where it was left, in order, at once. */
  resume(principal: Principal, endpointId: string): Answered {
    return this.change(principal, endpointId, async (tx, { no, id }) => {
      await resume(tx, no);
      return ok({ id });
    });
  }

  remove(principal: Principal, endpointId: string): Answered {
    return this.change(principal, endpointId, async (tx, { no, id }) => {
      await deleteEndpoint(tx, no);
      return ok({ id });
    });
  }

  /** A new secret signs at once, and those before it sign along for the hours of overlap. */
  rotateSecret(
    principal: Principal,
    endpointId: string,
    overlapHours: number,
  ): Answered<{ id: string; secret: string }> {
    return this.change(principal, endpointId, async (tx, { no, id }) => {
      if (overlapHours < 0 || overlapHours > LONGEST_OVERLAP_HOURS)
        return fail('OVERLAP_OUT_OF_RANGE', `The overlap is from 0 to ${LONGEST_OVERLAP_HOURS} hours.`, 'overlapHours');
      await expireSecrets(tx, no, overlapHours);
      if ((await findSecrets(tx, no)).length >= MOST_SECRETS)
        return fail(
          'TOO_MANY_SECRETS',
          `${MOST_SECRETS} secrets sign side by side; wait until one has run out, or rotate with an overlap of 0.`,
          'overlapHours',
        );
      return ok({ id, secret: await addSecret(tx, no) });
    });
  }

  /** Sends again whatever happened after a cursor and is still kept: the receivers know repeated events by their ids. */
  replay(principal: Principal, endpointId: string, after: bigint): Answered {
    return this.change(principal, endpointId, async (tx, { no, id, status }) => {
      if (status !== 'ACTIVE')
        return fail('ENDPOINT_NOT_ACTIVE', 'The endpoint gets nothing now; resume it first.', 'endpointId');
      await rewind(tx, no, after);
      return ok({ id });
    });
  }

  /** Sends an event of the type webhook.test now, whatever the status, and tells what came of it. */
  async test(principal: Principal, endpointId: string): Answered<{ id: string; attempted: Attempted }> {
    authorize(principal, 'webhook.manage', itself(principal));
    const found = await this.database.command(async (tx) => {
      const endpoint = isId(endpointId) ? await findEndpoint(tx, endpointId) : undefined;
      if (endpoint === undefined || !isOwn(principal, endpoint)) return undefined;
      return { endpoint, secrets: await findSecrets(tx, endpoint.no), now: await readClock(tx) };
    });
    if (found === undefined) return unknown();
    const { endpoint, secrets, now } = found;
    const told = {
      type: 'webhook.test',
      timestamp: now.toISOString(),
      data: { webhookEndpointId: endpoint.id },
    } as const;
    return ok({ id: endpoint.id, attempted: await send(this.outbound, { url: endpoint.url, secrets }, newId(), told) });
  }

  private async refusalOf(url: string): Promise<Result<never, WebhookErrorCode> | undefined> {
    const checked = await this.outbound.check(url);
    return checked.ok ? undefined : checked;
  }

  /** Changes one endpoint under its lock: the workers that serve it wait, or find it changed. */
  private change<T>(
    principal: Principal,
    endpointId: string,
    work: (tx: DbTransaction, endpoint: EndpointRecord) => Promise<Result<T, WebhookErrorCode>>,
  ): Answered<T> {
    authorize(principal, 'webhook.manage', itself(principal));
    return this.database.command(async (tx) => {
      const endpoint = isId(endpointId) ? await lockEndpoint(tx, endpointId) : undefined;
      return endpoint === undefined || !isOwn(principal, endpoint) ? unknown() : work(tx, endpoint);
    });
  }
}

const isOwn = (principal: Principal, { partnerNo }: EndpointRecord): boolean =>
  principal.kind !== 'PARTNER' || principal.partnerNo === partnerNo;

async function ownerOf(
  tx: DbTransaction,
  principal: Principal,
  partnerCode: string | undefined,
): Promise<Result<number | null, WebhookErrorCode>> {
  const own = principal.kind === 'PARTNER' ? principal.partnerNo : null;
  if (partnerCode === undefined) return ok(own);
  const partner = await findPartner(tx, partnerCode);
  if (partner === undefined || (own !== null && partner.no !== own))
    return fail('UNKNOWN_PARTNER', `There is no partner "${partnerCode}" whose endpoints you manage.`, 'partnerCode');
  return ok(partner.no);
}

const checkDescription = (description: string | null): Result<never, WebhookErrorCode> | undefined =>
  (description ?? '').length > LONGEST_DESCRIPTION
    ? fail('MALFORMED_DESCRIPTION', `A description has at most ${LONGEST_DESCRIPTION} characters.`, 'description')
    : undefined;

const taken = () => fail('URL_TAKEN', 'There is an endpoint with this address already; change that one.', 'url');
const unknown = () =>
  fail('UNKNOWN_ENDPOINT', 'There is no such endpoint; take the id from webhookEndpoints.', 'endpointId');
