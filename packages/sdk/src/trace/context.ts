import { AsyncLocalStorage } from "node:async_hooks";
import type { ActiveSpan } from "./active-span.ts";
import type { Labels } from "./labels.ts";

/** Where new spans belong. It follows the code across awaits, timers and callbacks. */
export type Context = {
  /** The span that is open here. */
  readonly span: ActiveSpan | null;
  /** A span of another process that this process continues. */
  readonly remote: { readonly traceId: string; readonly spanId: string; readonly isSampled: boolean } | null;
  readonly labels: Labels;
};

const storage = new AsyncLocalStorage<Context>();
const NOWHERE: Context = { span: null, remote: null, labels: {} };

export const currentContext = (): Context => storage.getStore() ?? NOWHERE;

/** Runs a function with a changed context. Work that it starts has the same context, also after it returns. */
export const runIn = <Result>(change: Partial<Context>, run: () => Result): Result =>
  storage.run({ ...currentContext(), ...change }, run);

const TRACE_PARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Reads a W3C `traceparent`; null when it is not valid. */
export function readTraceParent(header: string | null | undefined): Context["remote"] {
  const [, version, traceId = "", spanId = "", flags = "", rest] = TRACE_PARENT.exec(header?.trim() ?? "") ?? [];
  const isVersionSound = version !== "ff" && (version !== "00" || rest === undefined);
  if (!isVersionSound || !/[1-9a-f]/.test(traceId) || !/[1-9a-f]/.test(spanId)) return null;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}
