import type { Clock } from "../../kernel/clock.ts";
import { AppError } from "../../kernel/errors.ts";
import type { Log } from "../../kernel/log.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Inference } from "../../platform/inference/port.ts";
import type { Metrics } from "../../platform/metrics/port.ts";
import type { Outbound } from "../../platform/outbound/port.ts";
import type { Postgres } from "../../platform/postgres/port.ts";
import { createAnswerCache } from "./answer-cache.ts";
import { createBreakers } from "./breaker.ts";
import { createCallCache } from "./cached-call.ts";
import { startCall, type WireCaller, type WireId } from "./call.ts";
import { type ChatAsk, createCompletion, type InnerCaller } from "./complete.ts";
import { createMessageCount } from "./count-message-tokens.ts";
import { createTokenCounter } from "./count-tokens.ts";
import { createFinish, type FinishDeps } from "./finish-call.ts";
import { createHttpBackend } from "./http-backend.ts";
import { createModelLists } from "./list-models.ts";
import { createLocalBackend } from "./local-backend.ts";
import { createMeters } from "./meters.ts";
import { createPricing } from "./price-model.ts";
import { type AnyBody, type FillPrompt, isWhole, putPromptOn } from "./put-prompt.ts";
import { createConfigHash, createModelResolver, type ResolveDeps } from "./resolve-model.ts";
import { createTries } from "./run-tries.ts";
import { createServe } from "./serve-call.ts";

export type GatewayDeps = Pick<ResolveDeps, "connections" | "endpoints" | "registered"> & {
  readonly models: ResolveDeps["models"] & {
    listReady(): readonly { readonly id: string }[];
    readonly prices: FinishDeps["prices"];
  };
  readonly fillPrompt: FillPrompt;
  readonly inference: Inference;
  readonly traces: FinishDeps["traces"];
  readonly outbound: Pick<Outbound, "dispatch" | "request">;
  readonly db: Postgres;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Calls that are answered at once; one more is refused as `overloaded`. */
  readonly maxRunning?: number;
  readonly random?: () => number;
};

const MAX_RUNNING = 2_000;
const RETRY_AFTER_SECONDS = 1;

/** Every model call of the product goes through here, so every call is priced, bounded and a span. */
export function createGateway({ maxRunning = MAX_RUNNING, random = Math.random, ...deps }: GatewayDeps) {
  const { clock, log } = deps;
  let running = 0;
  const breakers = createBreakers(clock);
  const counter = createTokenCounter(log);
  const resolver = createModelResolver({ ...deps, random });
  const meters = createMeters(deps.metrics, { breakers, running: () => running });
  const tryHttp = createHttpBackend(deps);
  const tryLocal = createLocalBackend(deps);
  const tries = createTries({ tryHttp, tryLocal, breakers, clock, random });
  const finish = createFinish({ ...deps, prices: deps.models.prices, counter, meters, configHash: createConfigHash() });
  const cache = createCallCache({ cache: createAnswerCache(deps), clock });
  const serve = createServe({ resolver, tries, cache, finish, clock, log });
  const complete = createCompletion({ resolver, tries, finish, clock, fillPrompt: deps.fillPrompt });

  /** Counts a call in and out; one too many is turned away before any work is done for it. */
  async function admit<Result>(run: () => Promise<Result>): Promise<Result> {
    if (running >= maxRunning) {
      throw new AppError("overloaded", {
        message: `${maxRunning} model calls are running, which is all this server takes at once.`,
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    }
    running++;
    try {
      return await run();
    } finally {
      running--;
    }
  }
  function handle(wire: WireId) {
    const putPrompt = putPromptOn(wire, deps.fillPrompt);
    async function servePrompted(scope: Scope, body: AnyBody, caller: WireCaller) {
      const { request, prompt } = await putPrompt(scope, body);
      const asking = { ...caller, bytes: Buffer.from(JSON.stringify(request)) };
      return serve(startCall({ scope, wire, request, caller: asking, prompt }, clock), caller);
    }
    return (scope: Scope, body: AnyBody, caller: WireCaller) =>
      admit(() =>
        isWhole(wire, body)
          ? serve(startCall({ scope, wire, request: body, caller }, clock), caller)
          : servePrompted(scope, body, caller),
      );
  }

  return {
    chat: handle("chat"),
    completions: handle("completions"),
    embeddings: handle("embeddings"),
    responses: handle("responses"),
    messages: handle("messages"),
    countTokens: createMessageCount({ ...deps, resolver, counter }),
    ...createModelLists({ ...deps, resolver }),
    /** A whole answer for another part of this program: spanned and priced like any other call. */
    complete: (scope: Scope, request: ChatAsk, by: AbortSignal | InnerCaller) =>
      admit(() => complete(scope, request, by)),
    priceOf: createPricing({ resolver, prices: deps.models.prices }),
    close: () => counter.close(),
  };
}
export type Gateway = ReturnType<typeof createGateway>;
