import type { Variant } from "@treadle/contract";
import type { ResolvedEndpoint } from "../../endpoints/index.ts";
import { circuitOf, measureOf } from "./circuit-of.ts";
import type { Prices } from "./prices.ts";
import type { Loads } from "./routing/loads.ts";
import type { RequestFacts } from "./routing/request-facts.ts";
import type { Candidate } from "./routing/strategies.ts";
import type { FindTarget, PlanCaller, Target } from "./target.ts";

/** Where the facts about candidates come from. */
export type DescribeDeps = {
  readonly loads: Pick<Loads, "inFlight" | "firstTokenMs">;
  /** False while the circuit is open, or while the provider has asked for a pause. */
  readonly isAvailable: (circuit: string) => boolean;
  readonly prices: Prices;
};
export type Routing = { readonly projectId: string; readonly caller: PlanCaller; readonly find: FindTarget };

type Choosable = Pick<Variant, "model" | "priority" | "weight"> & { readonly variant: Variant | null };

/** Most answers are shorter; a limit of the request is often far above what is used. */
const EXPECTED_OUTPUT_TOKENS = 500;

/** What is known of a variant or a fallback. Only what the strategy reads is looked up. */
export function createDescriber({ loads, isAvailable, prices }: DescribeDeps) {
  function priceOf(target: Target, variant: Variant | null, { projectId, caller }: Routing): number | null {
    if (target.kind === "local") return 0;
    const usage = { ...expectedUsage(caller.request, variant), ...NO_CACHE };
    return prices.cost(projectId, { provider: target.connection.preset, model: target.model, usage });
  }

  return async function describe(
    { endpointId, strategy }: ResolvedEndpoint,
    { model, weight, priority, variant }: Choosable,
    routing: Routing,
  ): Promise<Candidate> {
    const target = await routing.find(model);
    const unknown = { weight, priority, firstTokenMs: null, inFlight: 0, costUsd: null };
    if (!target) return { ...unknown, isAvailable: false };
    const circuit = circuitOf(target);
    const { isStream } = routing.caller.request;
    const measure = () => measureOf(target, { endpointId, variant: variant?.name ?? "", isStream });
    return {
      ...unknown,
      isAvailable: isAvailable(circuit),
      firstTokenMs: strategy === "latency" ? loads.firstTokenMs(measure()) : null,
      inFlight: strategy === "busy" ? loads.inFlight(circuit) : 0,
      costUsd: strategy === "cost" ? priceOf(target, variant, routing) : null,
    };
  };
}

export type Describe = ReturnType<typeof createDescriber>;

const NO_CACHE = { cachedInputTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 };

function expectedUsage(request: RequestFacts, variant: Variant | null) {
  const limit = variant?.parameters.max_tokens ?? variant?.parameters.max_completion_tokens ?? request.maxOutputTokens;
  const outputTokens = Math.min(EXPECTED_OUTPUT_TOKENS, typeof limit === "number" ? limit : EXPECTED_OUTPUT_TOKENS);
  return { inputTokens: request.inputTokens(), outputTokens };
}
