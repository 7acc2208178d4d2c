/**
 * A client of the gateway for partners' programs and bank apps, with nothing but what the platform brings.
 *
 * It gets its own tokens (OAuth 2 client credentials), asks typed operations (`npm run client` makes more from your own
 * documents), and repeats what may be repeated: queries, and every mutation that carries a reference or an idempotency key, which
 * in this API are all that move anything. A repeated command has one answer, so that a lost connection costs nothing.
 */

/** A GraphQL operation with the types of its answer and variables. */
export interface Operation<Data, Variables> {
  readonly name: string;
  readonly text: string;
  /** Only for the compiler. */
  readonly types?: (variables: Variables) => Data;
}

export interface ClientOptions {
  /** Base address of the gateway: "https://hansa.example.com". */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What the token is to carry; all that the client may have when absent. */
  readonly scopes?: readonly string[];
  /** How long one attempt may take. */
  readonly timeoutMs?: number;
  /** How often to try at most. */
  readonly attempts?: number;
}

/** Why there is no answer: what the gateway said, with its code. What a command refuses is in its `userErrors` instead. */
export class HansaError extends Error {
  override readonly name = 'HansaError';

  constructor(
    message: string,
    /** UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, RATE_LIMITED … or UNREACHABLE. */
    readonly code: string,
    /** Names the request in the gateway's log. */
    readonly requestId: string,
  ) {
    super(message);
  }
}

interface Token {
  readonly text: string;
  readonly until: number;
}

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

const TIMEOUT_MS = 10_000;
const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 30_000;
/** A token is renewed this long before its end. */
const MARGIN_MS = 30_000;
const PASSING = new Set([429, 502, 503, 504]);

export class HansaClient {
  private token: Promise<Token> | undefined;

  constructor(private readonly options: ClientOptions) {}

  /** Asks one operation. Throws HansaError when the gateway refuses it or cannot be reached. */
  async ask<Data, Variables extends object>(
    operation: Operation<Data, Variables>,
    variables: Variables,
  ): Promise<Data> {
    const requestId = crypto.randomUUID();
    const body = JSON.stringify({ query: operation.text, operationName: operation.name, variables });
    const answer = await this.patiently(requestId, async () =>
      fetch(new URL('/graphql', this.options.url), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-request-id': requestId,
          authorization: `Bearer ${await this.bearer(requestId)}`,
        },
        body,
        signal: AbortSignal.timeout(this.options.timeoutMs ?? TIMEOUT_MS),
      }),
    );
    const { data, errors } = (await answer.json()) as Answer;
    const [error] = errors ?? [];
    if (error !== undefined) throw new HansaError(error.message, error.extensions?.code ?? 'UNKNOWN', requestId);
    return data as Data;
  }

  /** A client that acts for one member (token exchange): for the app of the bank that issued one of its cards. */
  async forMember(memberId: string): Promise<HansaClient> {
    const requestId = crypto.randomUUID();
    const member = new HansaClient(this.options);
    const exchange = async (): Promise<Token> =>
      this.tokenBy(requestId, {
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: memberId,
        subject_token_type: 'urn:hansa:token-type:member-id',
      });
    member.renew = exchange;
    await member.bearer(requestId);
    return member;
  }

  private renew = (requestId: string): Promise<Token> =>
    this.tokenBy(requestId, {
      grant_type: 'client_credentials',
      ...(this.options.scopes && { scope: this.options.scopes.join(' ') }),
    });

  private async bearer(requestId: string): Promise<string> {
    const known = await this.token?.catch(() => undefined);
    if (known !== undefined && Date.now() < known.until) return known.text;
    this.token = this.renew(requestId);
    return (await this.token).text;
  }

  private async tokenBy(requestId: string, grant: Readonly<Record<string, string>>): Promise<Token> {
    const { clientId, clientSecret, url, timeoutMs = TIMEOUT_MS } = this.options;
    const credentials = [clientId, clientSecret].map(encodeURIComponent).join(':');
    const answer = await this.patiently(requestId, () =>
      fetch(new URL('/oauth/token', url), {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(credentials)}`, 'x-request-id': requestId },
        body: new URLSearchParams(grant),
        signal: AbortSignal.timeout(timeoutMs),
      }),
    );
    const said = (await answer.json()) as {
      access_token?: string;
      expires_in?: number;
      error?: string;
      error_description?: string;
    };
    if (said.access_token === undefined)
      throw new HansaError(said.error_description ?? 'The gateway gave no token.', said.error ?? 'UNKNOWN', requestId);
    return { text: said.access_token, until: Date.now() + (said.expires_in ?? 0) * 1_000 - MARGIN_MS };
  }

  /** Tries again what failed on the way, or what the gateway asks to send again later. */
  private async patiently(requestId: string, send: () => Promise<Response>): Promise<Response> {
    const attempts = this.options.attempts ?? ATTEMPTS;
    for (let attempt = 1; ; attempt += 1) {
      let pause = FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random());
      try {
        const answer = await send();
        if (!PASSING.has(answer.status) || attempt === attempts) return answer;
        pause = Math.max(pause, Number(answer.headers.get('retry-after') ?? 0) * 1_000);
      } catch (error) {
        if (error instanceof HansaError) throw error;
        if (attempt === attempts)
          throw new HansaError(`The gateway at ${this.options.url} does not answer.`, 'UNREACHABLE', requestId);
      }
      await new Promise((over) => setTimeout(over, Math.min(pause, LONGEST_PAUSE_MS)));
    }
  }
}
