/**
 * Where subscriptions begin, whatever carries them: who asks, what it may cost, and how it ends.
 *
 * Each item of the news is answered like a request of its own, with a reader and loaders of its own and with a token
 * that is good at that moment.
 */
import { HeaderMap } from '@apollo/server';
import type { MikroORM } from '@mikro-orm/postgresql';
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  OperationTypeNode,
  parse,
  validate,
} from 'graphql';
import type { PrincipalKind } from '../../domain/access/principal.js';
import { type News, SlowConsumerError, type SubscriptionContext } from '../../graphql/news.js';
import { type Authenticator, InvalidTokenError } from '../../infrastructure/auth/index.js';
import { createContext } from '../context.js';
import type { ErrorMask } from '../errors.js';
import { RefusedRequestError } from '../failures.js';
import { excess, LIMITS, measure } from '../limits.js';
import type { PersistedOperations } from '../persisted-operations.js';
import { type RateLimiter, tooMuch } from '../rate-limits.js';
import { documentHoldsStorableText, holdsStorableText, UNSTORABLE } from '../storable-text.js';

/** Why the gateway itself ends a subscription. */
export const ENDINGS = {
  TOKEN_ENDED: {
    code: 'UNAUTHENTICATED',
    closeCode: 4401,
    message: 'The token is not good any more. Get a new one and subscribe again.',
  },
  SLOW_CONSUMER: {
    code: 'SLOW_CONSUMER',
    closeCode: 4413,
    message: 'You read more slowly than things happen. Subscribe again after the last cursor that you were told.',
  },
  GOING_AWAY: {
    code: 'SERVICE_UNAVAILABLE',
    closeCode: 1001,
    message: 'The gateway is going away. Subscribe again after the last cursor that you were told.',
  },
} as const satisfies Record<string, { code: string; closeCode: number; message: string }>;
export type Ending = keyof typeof ENDINGS;

export class SubscriptionEndedError extends Error {
  override readonly name = 'SubscriptionEndedError';

  constructor(readonly ending: Ending) {
    super(ENDINGS[ending].message);
  }
}

export interface DeskOptions {
  readonly schema: GraphQLSchema;
  readonly authenticator: Authenticator;
  readonly reader: MikroORM;
  readonly limiter: RateLimiter;
  readonly mask: ErrorMask;
  readonly news: News;
  readonly persisted: PersistedOperations;
  readonly limits?: SubscriptionLimits | undefined;
}

export interface SubscriptionLimits {
  /** Open at a time, of one principal. */
  readonly each: number;
  /** How often a token is looked at while nothing happens. */
  readonly lookAtTokenMs: number;
}

export const SUBSCRIPTION_LIMITS: SubscriptionLimits = { each: 100, lookAtTokenMs: 15_000 };

/** What a client sends, whatever shape it has. */
export interface Asked {
  readonly query?: unknown;
  readonly operationName?: unknown;
  readonly variables?: unknown;
}

/** What a subscription is run with. */
export interface SubscriptionArgs extends ExecutionArgs {
  readonly contextValue: DeskContext;
}

interface DeskContext extends SubscriptionContext {
  readonly token: string;
  /** Aborted with an `Ending`, or without a reason when the client wants no more. */
  readonly end: AbortController;
}

export type Answers = AsyncGenerator<ExecutionResult, void, void>;

export class SubscriptionDesk {
  readonly #open = new Map<string, number>();
  readonly #ends = new Set<AbortController>();
  #stopping = false;

  constructor(private readonly options: DeskOptions) {}

  /** Throws InvalidTokenError. */
  async signIn(token: string): Promise<void> {
    await this.options.authenticator.authenticate(token);
  }

  /** Reads and measures what is asked for; the errors say what is wrong with it. Throws InvalidTokenError. */
  async prepare(token: string, asked: Asked, requestId: string): Promise<SubscriptionArgs | readonly GraphQLError[]> {
    const { authenticator, limiter, reader, news, schema } = this.options;
    const principal = await authenticator.authenticate(token);
    const meter = limiter.meterFor(principal);
    try {
      const { document, operationName, variableValues } = read(this.admitted(asked, principal.kind), schema);
      const operation = getOperationAST(document, operationName);
      if (operation?.operation !== OperationTypeNode.SUBSCRIPTION)
        throw refusal('BAD_REQUEST', 'Only subscriptions run here. Send queries and mutations as POST, for JSON.');
      if (!documentHoldsStorableText(document) || !holdsStorableText(variableValues))
        throw refusal('BAD_USER_INPUT', UNSTORABLE);
      const measured = measure(schema, document, operation, variableValues);
      const sentence = excess(measured);
      if (sentence !== undefined) throw refusal('QUERY_TOO_COSTLY', sentence);
      const grant = meter.charge(measured.cost);
      if (!grant.granted) throw refusal('RATE_LIMITED', tooMuch(grant));
      const end = new AbortController();
      const context = createContext(principal, { requestId, signal: end.signal, meter }, reader);
      return {
        schema,
        document,
        operationName,
        variableValues,
        contextValue: Object.assign(context, { news, token, end }),
      };
    } catch (error) {
      if (error instanceof AggregateError) return error.errors;
      if (error instanceof GraphQLError) return [error];
      if (error instanceof RefusedRequestError) return [refusal(error.code, error.message)];
      throw error;
    }
  }

  /** The answers, one for each item of the news, until somebody ends it. They throw SubscriptionEndedError. */
  async subscribe(args: SubscriptionArgs): Promise<Answers | ExecutionResult> {
    const { contextValue } = args;
    const who = `${contextValue.principal.kind} ${contextValue.principal.subject}`;
    const { each } = this.limits;
    const open = this.#open.get(who) ?? 0;
    if (this.#stopping) return { errors: [refusal(ENDINGS.GOING_AWAY.code, ENDINGS.GOING_AWAY.message)] };
    if (open >= each)
      return { errors: [refusal('RATE_LIMITED', `You have ${open} subscriptions open, as many as you may.`)] };
    this.#open.set(who, open + 1);
    this.#ends.add(contextValue.end);
    const leave = (): void => {
      if (!this.#ends.delete(contextValue.end)) return; // it has left before
      const left = (this.#open.get(who) ?? 1) - 1;
      if (left === 0) this.#open.delete(who);
      else this.#open.set(who, left);
    };
    const source = await createSourceEventStream(args).catch((error: unknown) => ({ errors: [error] }));
    if (Symbol.asyncIterator in source)
      return endedByReturn(this.answers(args, source, leave), contextValue.end, leave);
    leave();
    return { errors: (source.errors ?? []).map((error) => this.shown(error, contextValue.requestId)) };
  }

  /** Ends all that are open; those who follow are told why. */
  stop(): void {
    this.#stopping = true;
    for (const end of this.#ends) end.abort('GOING_AWAY' satisfies Ending);
  }

  /** What is asked for, with the text of an operation that was registered beforehand. Throws RefusedRequestError. */
  private admitted(asked: Asked, kind: PrincipalKind): Asked {
    const request = { method: 'POST', headers: new HeaderMap(), search: '', body: asked };
    return this.options.persisted.resolve(request, kind).body as Asked;
  }

  private get limits(): SubscriptionLimits {
    return this.options.limits ?? SUBSCRIPTION_LIMITS;
  }

  private async *answers(args: SubscriptionArgs, source: AsyncIterable<unknown>, leave: () => void): Answers {
    const { contextValue: context } = args;
    const { end, requestId } = context;
    const look = setInterval(() => void this.endWithToken(context), this.limits.lookAtTokenMs);
    try {
      for await (const item of source) {
        await this.endWithToken(context);
        if (end.signal.aborted) break;
        const { principal, signal, news } = context;
        const meter = this.options.limiter.meterFor(principal);
        const anew = createContext(principal, { requestId, signal: end.signal, meter }, this.options.reader);
        Object.assign(anew, { news });
        const { data, errors } = await execute({ ...args, rootValue: item, contextValue: anew });
        if (signal?.aborted) break;
        yield {
          ...(data !== undefined && { data }),
          ...(errors && { errors: errors.map((e) => this.shown(e, requestId)) }),
        };
      }
    } catch (error) {
      if (error instanceof SlowConsumerError) end.abort('SLOW_CONSUMER' satisfies Ending);
      else if (!end.signal.aborted) yield { errors: [this.shown(error, requestId)] };
    } finally {
      clearInterval(look);
      leave();
    }
    if (end.signal.reason in ENDINGS) throw new SubscriptionEndedError(end.signal.reason);
  }

  /** An issuer that cannot be asked just now ends nothing. */
  private async endWithToken({ token, end }: DeskContext): Promise<void> {
    try {
      await this.options.authenticator.authenticate(token);
    } catch (error) {
      if (error instanceof InvalidTokenError) end.abort('TOKEN_ENDED' satisfies Ending);
    }
  }

  private shown(error: unknown, requestId: string): GraphQLError {
    const located = error instanceof GraphQLError ? error : new GraphQLError('', { originalError: error as Error });
    this.options.mask.note([located], { requestId });
    const { message, path, extensions } = this.options.mask.format(located.toJSON(), located);
    return new GraphQLError(message, { ...(path && { path }), ...(extensions && { extensions }) });
  }
}

/** A generator waits for its next item before it returns, and does nothing when it was never asked; its end comes at once. */
function endedByReturn(answers: Answers, end: AbortController, leave: () => void): Answers {
  const finish = answers.return.bind(answers);
  answers.return = (value) => {
    end.abort('');
    leave();
    return finish(value);
  };
  return answers;
}

const refusal = (code: string, message: string): GraphQLError => new GraphQLError(message, { extensions: { code } });

interface Operation {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variableValues: Record<string, unknown>;
}

/** Throws GraphQLError, or an AggregateError of them. */
function read({ query, operationName, variables }: Asked, schema: GraphQLSchema): Operation {
  if (typeof query !== 'string') throw refusal('BAD_REQUEST', 'Send the operation as the text "query".');
  if (typeof (variables ?? {}) !== 'object' || Array.isArray(variables))
    throw refusal('BAD_REQUEST', 'Send "variables" as an object.');
  if (typeof (operationName ?? '') !== 'string') throw refusal('BAD_REQUEST', 'Send "operationName" as a text.');
  const document = parsed(query);
  const errors = validate(schema, document).map(({ message }) => refusal('GRAPHQL_VALIDATION_FAILED', message));
  if (errors.length > 0) throw new AggregateError(errors);
  return {
    document,
    operationName: (operationName as string | null | undefined) ?? undefined,
    variableValues: (variables as Record<string, unknown> | null | undefined) ?? {},
  };
}

function parsed(query: string): DocumentNode {
  try {
    return parse(query, { maxTokens: LIMITS.tokens });
  } catch (error) {
    throw refusal('GRAPHQL_PARSE_FAILED', (error as Error).message);
  }
}
