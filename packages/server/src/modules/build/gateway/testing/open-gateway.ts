import { FailureClass, type Fallback, type Span, type Variant } from "@treadle/contract";
import { systemClock } from "../../../../kernel/clock.ts";
import { notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Inference } from "../../../../platform/inference/port.ts";
import { createMetrics } from "../../../../platform/metrics/metrics.ts";
import { createOutbound } from "../../../../platform/outbound/open.ts";
import type { PostgresStore } from "../../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../../platform/postgres/testing/open-test-postgres.ts";
import type { ResolvedConnection } from "../../connections/index.ts";
import type { ResolvedEndpoint } from "../../endpoints/index.ts";
import type { CompletionRequest } from "../complete.ts";
import type { FormatId } from "../formats/formats.ts";
import type { AnyBody } from "../resolve/fill-prompt.ts";
import { createGateway, type Gateway, type GatewayDeps } from "../service.ts";
import { createArraySink } from "./array-sink.ts";

export const SCOPE: Scope = {
  projectId: "proj_test",
  actor: "key_test",
  userId: null,
  permissions: new Set(["gateway:use"]),
};

const TIMEOUTS = { connectMs: 1_000, firstByteMs: 2_000, idleMs: 2_000, totalMs: 5_000 };

export const connectionTo = (baseUrl: string, more: Partial<ResolvedConnection> = {}): ResolvedConnection => ({
  id: `conn_${more.slug ?? "openai"}`,
  slug: "openai",
  name: "OpenAI",
  provider: "openai-compatible",
  preset: "openai",
  baseUrl,
  models: [],
  region: null,
  apiVersion: null,
  accessKeyId: null,
  headers: {},
  timeouts: TIMEOUTS,
  maxRetries: 0,
  cacheTtlSeconds: 0,
  isEnabled: true,
  keys: [{ id: "ckey_1", value: "sk-upstream-secret", weight: 1 }],
  quirks: { hasResponses: true, hasStreamUsage: true },
  hasUnreadableKeys: false,
  configHash: "0".repeat(64),
  ...more,
});

type PlainVariant = Pick<Variant, "name" | "model" | "weight"> & Partial<Variant>;
type MoreOfEndpoint = Partial<Omit<ResolvedEndpoint, "variants">> & { readonly variants?: readonly PlainVariant[] };
const NO_SETTINGS = { priority: 1, prompt: null, parameters: {}, tools: null, cacheTtlSeconds: null };

/** Fallbacks that answer after any failure, one after the other. */
export const fallbacksTo = (...models: string[]): Fallback[] =>
  models.map((model, place) => ({ model, on: [...FailureClass.options], priority: place + 1 }));

export const endpointOf = (name: string, { variants, ...more }: MoreOfEndpoint): ResolvedEndpoint => ({
  endpointId: `end_${name}`,
  name,
  variants: (variants ?? [{ name: "first", model: "openai/gpt-4o", weight: 1 }]).map((variant) => ({
    ...NO_SETTINGS,
    ...variant,
  })),
  strategy: "weight",
  rules: [],
  assignBy: "auto",
  failover: "fallbacks",
  fallbacks: [],
  cacheTtlSeconds: 0,
  semanticCache: null,
  version: 1,
  configHash: `hash of ${name}`,
  rollout: null,
  abTest: null,
  ...more,
});

const NO_INFERENCE = {} as Inference;
const noBase = async (_scope: Scope, id: unknown): Promise<never> => {
  throw notFound("knowledge base", String(id));
};
const NO_KNOWLEDGE: GatewayDeps["knowledge"] = { search: noBase, getVersion: noBase };
const NO_DETECTORS = {} as GatewayDeps["guards"]["registry"];
const noMasks = async () => {
  throw new Error("a call without a policy has no placeholders");
};

type CallOptions = {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly text?: string;
  readonly scope?: Scope;
};
type Options = Partial<
  Pick<
    GatewayDeps,
    | "guards"
    | "knowledge"
    | "fillPrompt"
    | "inference"
    | "limits"
    | "mirrors"
    | "maxRunning"
    | "random"
    | "models"
    | "texts"
  >
>;

/** A caller over HTTP that stores its answer. */
function callerOf(
  request: AnyBody,
  { headers = {}, signal = new AbortController().signal, text, scope = SCOPE }: CallOptions = {},
) {
  const receiver = createArraySink();
  const set: Record<string, string> = {};
  const caller = {
    scope,
    body: request,
    bytes: Buffer.from(text ?? JSON.stringify(request)),
    headers,
    signal,
    requestId: "req_test",
    sink: receiver.sink,
    setHeader: (name: string, value: string) => {
      set[name] = value;
    },
  };
  return { ...receiver, set, caller };
}

const pricedByToken: GatewayDeps["models"] = {
  isLocal: () => false,
  absence: () => null,
  listReady: () => [],
  prices: { cost: (_project, { usage }) => (usage.inputTokens + usage.outputTokens) / 1_000 },
};

/** The real gateway over fakes of its dependencies, on a store of another gateway if one is given. Spans are stored in a list. */
export async function openTestGateway(options: Options = {}, store?: PostgresStore) {
  const postgres = store ?? (await openTestPostgres());
  const outbound = createOutbound({ allow: ["127.0.0.1"] });
  const metrics = createMetrics();
  const spans: Span[] = [];
  const checks: Span[] = [];
  const problems: unknown[] = [];
  const existing = { connections: [] as readonly ResolvedConnection[], endpoints: new Map<string, ResolvedEndpoint>() };
  const complain = (fields: object) => problems.push(fields);
  const gateway = createGateway({
    connections: { resolve: async () => existing.connections },
    endpoints: { resolve: async () => existing.endpoints },
    models: pricedByToken,
    registered: { resolve: async () => null, names: async () => [] },
    fillPrompt: async (_scope, { name }) => {
      throw notFound("prompt", name);
    },
    guards: { find: () => null, openMasks: noMasks, registry: NO_DETECTORS },
    knowledge: NO_KNOWLEDGE,
    detectLanguage: async (text) => ({ language: /[äöüß]/i.test(text) ? "de" : "en", confidence: 0.9 }),
    inference: NO_INFERENCE,
    loadDrawn: async () => new Map(),
    traces: {
      record: (_scope, span, parts) => {
        spans.push(span);
        checks.push(...parts);
      },
    },
    audit: { record: async () => undefined },
    texts: { hasPrivate: () => false, languageOf: async () => "en" },
    mirrors: { find: () => undefined },
    limits: { has: () => false, reserve: () => null, record: () => {} },
    outbound,
    db: postgres.db,
    clock: systemClock,
    log: { debug: () => {}, info: () => {}, warn: complain, error: complain },
    metrics,
    ...options,
  });
  return {
    gateway,
    metrics,
    problems,
    ...recorder(gateway, spans),
    /** The spans of checks since the last time. */
    checks: () => checks.splice(0),
    connect(...given: ResolvedConnection[]) {
      existing.connections = given;
    },
    name(...given: ResolvedEndpoint[]) {
      existing.endpoints = new Map(given.map((endpoint) => [endpoint.name, endpoint]));
    },
    async close() {
      await gateway.close();
      await outbound.close();
      if (!store) await postgres.close();
    },
  };
}
export type TestGateway = Awaited<ReturnType<typeof openTestGateway>>;

/** Calls the gateway, and waits for the spans of the calls. */
function recorder(gateway: Gateway, spans: Span[]) {
  let calls = 0;
  return {
    begin(format: FormatId, request: AnyBody, options?: CallOptions) {
      calls++;
      const made = callerOf(request, options);
      return { ...made, done: gateway[format](made.caller) };
    },
    async ask(format: FormatId, request: AnyBody, options?: CallOptions) {
      calls++;
      const made = callerOf(request, options);
      await gateway[format](made.caller);
      return made;
    },
    complete(request: CompletionRequest, signal = new AbortController().signal) {
      calls++;
      return gateway.complete(SCOPE, request, signal);
    },
    /** Every span since the last time; waits until each call has its span. */
    async spans(): Promise<Span[]> {
      for (let waited = 0; spans.length < calls && waited < 5_000; waited += 5)
        await new Promise((resolve) => setTimeout(resolve, 5));
      if (spans.length !== calls) throw new Error(`${calls} calls left ${spans.length} spans`);
      calls = 0;
      return spans.splice(0);
    },
    /** The span of the last call. */
    async span(): Promise<Span> {
      const span = (await this.spans()).at(-1);
      if (!span) throw new Error("no call was made");
      return span;
    },
  };
}
