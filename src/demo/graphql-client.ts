/** A plain client of the public API, as any partner would write one. */
export class GraphQLClient {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  /**
   * Runs one operation. Throws when the API answers with errors; what a command refuses is in its
   * `userErrors`, which the caller reads.
   */
  async run<Data>(document: string, variables: object = {}): Promise<Data> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}` },
      body: JSON.stringify({ query: document, variables }),
    });
    const answer = (await response.json()) as { data?: Data; errors?: readonly { message: string }[] };
    if (answer.errors?.[0] !== undefined || answer.data === undefined) {
      throw new Error(
        `The API answered ${response.status}: ${answer.errors?.map(({ message }) => message).join(' ') ?? 'nothing'}`,
      );
    }
    return answer.data;
  }

  static async signIn(url: string, who: Who): Promise<GraphQLClient> {
    return new GraphQLClient(url, await developmentToken(url, who));
  }
}

export interface Who {
  readonly principal: 'ADMIN' | 'OPERATOR' | 'PARTNER' | 'MEMBER';
  readonly partner?: string;
  readonly member?: string;
}

/** A token of the gateway's own issuer, as the playground's sign-in gets it. */
export async function developmentToken(url: string, who: Who): Promise<string> {
  const response = await fetch(`${url}/dev/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(who),
  });
  const { token } = (await response.json()) as { token?: string };
  if (token === undefined) throw new Error(`The gateway gave no token for ${JSON.stringify(who)}`);
  return token;
}
