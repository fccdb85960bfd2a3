import { randomUUID } from 'node:crypto';

/** Version 00 has exactly four parts; later versions may add more behind them (W3C Trace Context, section 3.2). */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NIL = /^0+$/;

/** The trace id of a W3C `traceparent` header, or undefined where the header is missing or not valid. */
export function traceIdIn(header: string | string[] | undefined): string | undefined {
  if (typeof header !== 'string') return undefined;
  const [, version, traceId, spanId, , rest] = TRACEPARENT.exec(header.trim()) ?? [];
  if (!version || !traceId || !spanId || version === 'ff') return undefined;
  if ((version === '00' && rest !== undefined) || NIL.test(traceId) || NIL.test(spanId)) return undefined;
  return traceId;
}

/** A new trace id: 32 lower-case hexadecimal digits. */
export const newTraceId = (): string => randomUUID().replaceAll('-', '');

/** The trace id of a request: the caller's where it sent a valid one, else a new one. */
export const traceIdFor = (raw: { headers: Record<string, string | string[] | undefined> }): string =>
  traceIdIn(raw.headers.traceparent) ?? newTraceId();

declare module 'fastify' {
  interface FastifyRequest {
    /** 32 hexadecimal digits: in the answer's `X-Trace-Id`, every problem and every log line of this request. */
    readonly traceId: string;
  }
}
