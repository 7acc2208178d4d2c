/**
 * Traces by OpenTelemetry, when OTEL_EXPORTER_OTLP_ENDPOINT says where to send them; nothing otherwise. A request continues the
 * trace of its `traceparent` header. Spans carry names, routes and outcomes; never a variable, a token or anything of a member.
 */
import { type Context, context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

type Attributes = Readonly<Record<string, string | number>>;

export interface Tracing {
  /** Sends what is still waiting. */
  close(): Promise<void>;
}

let isTracing = false;

/** @param endpoint the collector's base address, "http://localhost:4318"; traces go to its /v1/traces */
export function openTracing(endpoint: string, version: string): Tracing {
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'hansa', 'service.version': version }),
    spanProcessors: [
      new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` })),
    ],
  });
  provider.register();
  isTracing = true;
  return {
    close: async () => {
      isTracing = false;
      await provider.shutdown();
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
}

const tracer = () => trace.getTracer('hansa');

/** Does `work` in a span of its own; costs nothing when nobody traces. */
export async function spanned<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  if (!isTracing) return work();
  return tracer().startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** A request's span and the context in which it is answered; undefined when nobody traces. */
export function beginRequest(
  name: string,
  headers: object,
): { readonly span: Span; readonly within: Context } | undefined {
  if (!isTracing) return undefined;
  const parent = propagation.extract(context.active(), headers);
  const span = tracer().startSpan(name, { kind: SpanKind.SERVER }, parent);
  return { span, within: trace.setSpan(parent, span) };
}

export const runWithin = (within: Context, work: () => void): void => context.with(within, work);

/** The headers by which a partner's server continues the trace. */
export function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  if (isTracing) propagation.inject(context.active(), headers);
  return headers;
}
