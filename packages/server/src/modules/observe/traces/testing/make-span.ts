import { SPAN_EXTRAS, type Span } from "@treadle/contract";
import { newSpanId, newTraceId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";

/** A finished span with the contract's defaults. */
export const makeSpan = (overrides: Partial<Span> = {}): Span => ({
  traceId: newTraceId(),
  spanId: newSpanId(),
  parentSpanId: "",
  name: "chat",
  kind: "generation",
  startTime: "2026-11-20T10:00:00.000Z",
  durationMs: 100,
  timeToFirstTokenMs: null,
  status: "ok",
  errorType: "",
  errorMessage: "",
  service: "",
  environment: "",
  provider: "openai",
  requestModel: "gpt-4.1",
  responseModel: "gpt-4.1-2025-04-14",
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
  attributes: {},
  attempts: [],
  configHash: "",
  ...SPAN_EXTRAS,
  ...overrides,
});

/** With nothing in any field that may be empty. */
export const NOTHING = {
  parentSpanId: "",
  service: "",
  environment: "",
  provider: "",
  requestModel: "",
  responseModel: "",
  endpoint: "",
  errorType: "",
  errorMessage: "",
  userId: "",
  sessionId: "",
  tags: [],
  timeToFirstTokenMs: null,
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
  costUsd: null,
  durationMs: 0,
  isCacheHit: false,
  configHash: "",
  input: null,
  output: null,
  parameters: {},
  attempts: [],
  metadata: {},
  attributes: {},
  events: [],
  links: [],
  scopeName: "",
  dialect: "",
  traceName: "",
  promptName: "",
  promptVersion: "",
  release: "",
  variant: "",
  rolloutId: "",
  assignment: null,
} as const satisfies Partial<Span>;

let projects = 0;

/** A separate project, so that tests that share a store do not see each other's data. */
export const freshScope = (): Scope => {
  projects += 1;
  return {
    projectId: `proj_${projects}`,
    actor: "key_test",
    userId: null,
    permissions: new Set(["traces:read", "traces:content", "traces:write"]),
  };
};
