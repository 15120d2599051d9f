import type { Clock } from "../../../kernel/clock.ts";
import type { Log } from "../../../kernel/log.ts";
import type { Inference } from "../../../platform/inference/port.ts";
import type { Metrics } from "../../../platform/metrics/port.ts";
import type { Outbound } from "../../../platform/outbound/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Audit } from "../../system/audit/index.ts";
import type { Guards } from "../guards/index.ts";
import { BUILTIN } from "../models/index.ts";
import { createAskLocalModel } from "./attempt/ask-local-model.ts";
import { createAskProvider } from "./attempt/ask-provider.ts";
import { type Breakers, createBreakers } from "./attempt/breaker.ts";
import { createAttempts } from "./attempt/run-attempts.ts";
import { createAnswerCache } from "./cache/answer-cache.ts";
import { createCallCache } from "./cache/cached-call.ts";
import type { Embed, TextFacts } from "./cache/semantic/deps.ts";
import { createSemanticCache } from "./cache/semantic/semantic-cache.ts";
import { createCompletion } from "./complete.ts";
import { createMessageCount } from "./count-message-tokens.ts";
import type { KnowledgeBases } from "./ground/find-passages.ts";
import { createGroundCall } from "./ground/ground-call.ts";
import { createGuardStage } from "./guard/call-guard.ts";
import { createMirrorCall } from "./mirror-call.ts";
import { createPrepareCall } from "./prepare-call.ts";
import { createTokenCounter } from "./record/count-tokens.ts";
import { createMeters } from "./record/meters.ts";
import { type CallRecords, createRecordCall } from "./record/record-call.ts";
import { createAdmission } from "./request/admission.ts";
import type { Mirrors } from "./request/mirrors.ts";
import type { SpendLimits } from "./request/spend-limits.ts";
import { createVariantShaper } from "./resolve/apply-variant.ts";
import { placeOf } from "./resolve/circuit-of.ts";
import { createConfigHash } from "./resolve/config-hash.ts";
import type { FillPrompt } from "./resolve/fill-prompt.ts";
import type { LoadDrawn } from "./resolve/keep-test-units.ts";
import { createHasModel, createModelLists } from "./resolve/list-models.ts";
import { createPricing } from "./resolve/price-model.ts";
import type { Prices } from "./resolve/prices.ts";
import {
  type ConnectionSource,
  createModelResolver,
  type EndpointSource,
  type LocalModels,
  type RegisteredModels,
} from "./resolve/resolve-model.ts";
import { createLoads } from "./resolve/routing/loads.ts";
import type { DetectLanguage } from "./resolve/routing/match-rules.ts";
import { createServe } from "./serve-call.ts";

export type GatewayDeps = {
  readonly connections: ConnectionSource;
  readonly endpoints: EndpointSource;
  readonly models: LocalModels & { readonly prices: Prices };
  readonly registered: RegisteredModels;
  readonly fillPrompt: FillPrompt;
  /** The policies that calls are checked under. */
  readonly guards: Pick<Guards, "find" | "openMasks" | "registry">;
  /** For answers from knowledge bases. */
  readonly knowledge: KnowledgeBases;
  /** For rules about the language of a message. */
  readonly detectLanguage: DetectLanguage;
  /** For the units of A/B tests with adaptive shares, after a restart. */
  readonly loadDrawn: LoadDrawn;
  readonly inference: Inference;
  readonly traces: CallRecords;
  readonly limits: SpendLimits;
  /** The shadows of endpoints, which see answered calls. */
  readonly mirrors: Mirrors;
  readonly audit: Pick<Audit, "record">;
  /** For the semantic cache. */
  readonly texts: TextFacts;
  readonly outbound: Pick<Outbound, "dispatch" | "request">;
  readonly db: Postgres;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** The number of calls that run at the same time; one more is rejected as `overloaded`. */
  readonly maxRunning?: number;
  readonly random?: () => number;
};

const MAX_RUNNING = 2_000;

/** Every model call of the product goes through here, so every call is priced, limited and recorded as a span. */
export function createGateway({ maxRunning = MAX_RUNNING, random = Math.random, ...deps }: GatewayDeps) {
  const { limits, clock, log, fillPrompt } = deps;
  const { prices } = deps.models;
  const admission = createAdmission(maxRunning);
  const breakers = createBreakers(clock);
  const counter = createTokenCounter(log);
  const loads = createLoads(clock);
  const resolver = createModelResolver({ ...deps, isAvailable: breakers.isAvailable, loads, prices, random });
  const meters = createMeters(deps.metrics, { breakers, running: admission.running });
  const attempts = createAttempts({ ...askingOf(deps), breakers, loads, limits, clock, random });
  const recordCall = createRecordCall({ ...deps, prices, counter, meters, configHash: createConfigHash() });
  const caches = createCaches(deps, random);
  const shapeByVariant = createVariantShaper(fillPrompt);
  const guards = createGuardStage({ ...deps, countTokens: counter.count });
  const prepare = createPrepareCall({ resolver, shapeByVariant, guards, ground: createGroundCall(deps) });
  const stages = { admission, fillPrompt, prepare, attempts, recordCall, clock };
  const serve = createServe({ ...stages, ...caches, mirrors: deps.mirrors, log });
  return {
    ...formatsOf(serve),
    countTokens: createMessageCount({ ...deps, resolver, counter, guards }),
    ...createModelLists({ ...deps, resolver }),
    /** A whole answer for another part of this program, with a span and a price like any other call. */
    complete: createCompletion(stages),
    /** Repeats a request with another variant, for a shadow. */
    mirrorCall: createMirrorCall({ ...stages, resolver, shapeByVariant, guards, ...mirroringOf(deps, random) }),
    semanticCache: caches.semanticCache,
    ...modelFactsOf(resolver, deps.models, breakers),
    close: () => counter.close(),
  };
}

const modelFactsOf = (
  resolver: ReturnType<typeof createModelResolver>,
  models: GatewayDeps["models"],
  breakers: Breakers,
) => ({
  /** The circuit breakers that are not closed, by connection and model. */
  listOpenCircuits: () => breakers.list().map(({ name, state }) => ({ ...placeOf(name), state })),
  hasModel: createHasModel(resolver),
  isEndpoint: resolver.isEndpoint,
  priceOf: createPricing({ resolver, ...models }),
});

const formatsOf = (serve: ReturnType<typeof createServe>) => ({
  chat: serve("chat"),
  completions: serve("completions"),
  embeddings: serve("embeddings"),
  responses: serve("responses"),
  messages: serve("messages"),
});

const askingOf = (deps: GatewayDeps) => ({
  askProvider: createAskProvider(deps),
  askLocalModel: createAskLocalModel(deps),
});

/** Mirrored calls have their own circuit breakers and measurements: a poor candidate must not change where callers go. */
const mirroringOf = (deps: Omit<GatewayDeps, "maxRunning" | "random">, random: () => number) => {
  const { clock, limits } = deps;
  const own = { breakers: createBreakers(clock), loads: createLoads(clock) };
  return { attempts: createAttempts({ ...askingOf(deps), ...own, limits, clock, random }), random };
};

const createCaches = (deps: Omit<GatewayDeps, "maxRunning" | "random">, random: () => number) => ({
  cache: createCallCache({ cache: createAnswerCache(deps), clock: deps.clock }),
  semanticCache: createSemanticCache({ ...deps, random, embed: embedWith(deps.inference) }),
});

/** Vectors by the embedding model that ships with the program. */
const embedWith =
  (inference: Inference): Embed =>
  async (texts, { caller, signal }) =>
    (await inference.embed({ modelId: BUILTIN.id, texts, caller }, signal)).vectors;

export type Gateway = ReturnType<typeof createGateway>;
