/** One attempt: signs an event by every secret that counts (Standard Webhooks) and sends it. */
import { Webhook } from 'standardwebhooks';
import { retryAfterMs } from '../../domain/webhooks/retry.js';
import { type Outbound, OutboundError } from '../../infrastructure/outbound/index.js';
import type { ToldEvent } from '../events/index.js';

/** Nothing of an answer's body is used; its beginning is read so that the connection can be kept. */
const MAX_ANSWER_BYTES = 4_096;

export interface Receiver {
  readonly url: string;
  readonly secrets: readonly string[];
  /** For one call; 15 seconds when absent. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 15_000;

export interface Attempted {
  readonly latencyMs: number;
  /** Of the answer, when there was one. */
  readonly status: number | undefined;
  /** Why there was none; CANCELLED when we have given up ourselves. */
  readonly fault: OutboundError['code'] | undefined;
  readonly retryAfterMs: number | undefined;
}

export async function send(
  outbound: Outbound,
  { url, secrets, timeoutMs = TIMEOUT_MS }: Receiver,
  id: string,
  told: ToldEvent | { readonly type: 'webhook.test'; readonly timestamp: string; readonly data: object },
  signal?: AbortSignal,
): Promise<Attempted> {
  const body = JSON.stringify(told);
  // Receivers compare it with their own clocks, so it is this machine's, which tests do not move.
  const at = new Date();
  const signatures = secrets.map((secret) => new Webhook(secret).sign(id, at, body));
  const started = performance.now();
  const latencyMs = (): number => Math.round(performance.now() - started);
  try {
    const { status, headers } = await outbound.call({
      url,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Hansa-Webhooks',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
        'webhook-signature': signatures.join(' '),
      },
      body,
      timeoutMs,
      maxBytes: MAX_ANSWER_BYTES,
      beyond: 'CUT',
      ...(signal && { signal }),
    });
    const asked = [headers['retry-after']].flat()[0];
    return { latencyMs: latencyMs(), status, fault: undefined, retryAfterMs: retryAfterMs(asked, at) };
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    return { latencyMs: latencyMs(), status: undefined, fault: error.code, retryAfterMs: undefined };
  }
}
