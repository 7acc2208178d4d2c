/** Follows a subscription as clients do, by either way, and waits for what it is told. */
import { createClient as createEventClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import WebSocket from 'ws';

export interface Followed {
  /** What was told so far. */
  readonly told: Told[];
  /** Resolves with as many as asked for, or more. */
  until(count: number): Promise<Told[]>;
  /** How it ended: undefined when nothing was wrong, else what the client was given. */
  readonly ended: Promise<unknown>;
  stop(): void;
}

// biome-ignore lint/suspicious/noExplicitAny: answers have whatever shape was asked for
type Told = { readonly data?: any; readonly errors?: readonly { message: string; extensions: { code: string } }[] };

export type Way = 'WebSocket' | 'server-sent events';

/** @param url of the gateway */
export function follow(url: string, token: string, query: string, way: Way = 'WebSocket'): Followed {
  const told: Told[] = [];
  const waiting: (() => void)[] = [];
  const authorization = `Bearer ${token}`;
  const client =
    way === 'WebSocket'
      ? createSocketClient({
          url: `${url.replace('http', 'ws')}/graphql`,
          webSocketImpl: WebSocket,
          connectionParams: { authorization },
          retryAttempts: 0,
          lazyCloseTimeout: 0,
        })
      : createEventClient({ url: `${url}/graphql`, headers: { authorization }, retryAttempts: 0 });
  let stop = (): void => undefined;
  const ended = new Promise<unknown>((resolve) => {
    stop = client.subscribe(
      { query },
      {
        next(item) {
          told.push(item as Told);
          for (const wake of waiting) wake();
        },
        error: resolve,
        complete: () => resolve(undefined),
      },
    );
  });
  return {
    told,
    ended,
    stop: () => stop(),
    async until(count) {
      while (told.length < count) {
        await new Promise<void>((resolve, reject) => {
          waiting.push(resolve);
          void ended.then((how) => reject(new Error(`ended after ${told.length}: ${JSON.stringify(how)}`)));
        });
      }
      return told;
    },
  };
}
