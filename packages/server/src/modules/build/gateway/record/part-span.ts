import { SPAN_EXTRAS, type Span } from "@treadle/contract";
import { newSpanId } from "../../../../kernel/ids.ts";
import { fromMicros } from "../../../observe/traces/index.ts";
import type { Call } from "../request/read-call.ts";

/** What the spans of the parts of a call have in common. They are no calls: they have no model, no tokens and no cost. */
const BLANK = {
  timeToFirstTokenMs: null,
  status: "ok",
  errorType: "",
  errorMessage: "",
  service: "",
  provider: "",
  requestModel: "",
  responseModel: "",
  endpoint: "",
  userId: "",
  sessionId: "",
  tags: [],
  metadata: {},
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
  costUsd: null,
  isCacheHit: false,
  parameters: {},
  input: null,
  output: null,
  attempts: [],
  configHash: "",
  ...SPAN_EXTRAS,
} satisfies Partial<Span>;

type Own = Pick<Span, "kind" | "name" | "parentSpanId" | "attributes"> & Partial<Pick<Span, "input" | "output">>;

/** The span of a part of a call. Times are on the monotonic clock. */
export const partSpan = (call: Call, { from, to }: { readonly from: number; readonly to: number }, own: Own): Span => ({
  ...BLANK,
  ...own,
  traceId: call.traceId,
  spanId: newSpanId(),
  startTime: fromMicros(Math.round((call.startedAt + from - call.startedElapsed) * 1_000)),
  durationMs: roundedMs(to - from),
  environment: call.facts.environment,
});

/** Milliseconds with three decimals. */
export const roundedMs = (ms: number) => Math.round(ms * 1_000) / 1_000;
