import { SPAN_EXTRAS, type Span } from "../../../packages/contract/src/index.ts";
import { toRow } from "../../../packages/server/src/modules/observe/traces/rows/span-row.ts";

const PROJECT = "proj_faults";

/** A row whose payload repeats its id, so that a mixed-up or invented row is detected. */
export function makeRow(id: string): object {
  const span: Span = {
    traceId: "a".repeat(32),
    spanId: id,
    parentSpanId: "",
    name: "fault",
    kind: "generation",
    status: "ok",
    startTime: "2026-11-20T10:00:00.000Z",
    durationMs: 1,
    timeToFirstTokenMs: null,
    errorType: "",
    errorMessage: "",
    service: "",
    environment: "",
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
    attributes: {},
    attempts: [],
    configHash: "",
    ...SPAN_EXTRAS,
    input: `in ${id}`,
    output: "x".repeat(300),
  };
  return toRow(PROJECT, span, false);
}
