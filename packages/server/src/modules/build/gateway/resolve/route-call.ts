import { FailureClass, type Variant } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import type { ResolvedEndpoint } from "../../endpoints/index.ts";
import { type Assignment, assignVariant, byProbabilities } from "./assign-variant.ts";
import { circuitOf, measureOf } from "./circuit-of.ts";
import { createConversations } from "./keep-conversations.ts";
import { createRoutedUnits, type RoutedChoice } from "./keep-routed.ts";
import type { Prices } from "./prices.ts";
import type { Loads } from "./routing/loads.ts";
import { type DetectLanguage, matchRule } from "./routing/match-rules.ts";
import type { RequestFacts } from "./routing/request-facts.ts";
import { type Candidate, inOrder, probabilitiesOf } from "./routing/strategies.ts";
import type { PlanCaller, Target } from "./target.ts";

/** What the choice among variants depends on. */
export type RouteDeps = {
  readonly clock: Pick<Clock, "elapsed">;
  readonly random: () => number;
  readonly loads: Pick<Loads, "inFlight" | "firstTokenMs">;
  /** False while the circuit is open, or while the provider has asked for a pause. */
  readonly isAvailable: (circuit: string) => boolean;
  readonly prices: Prices;
  readonly detectLanguage: DetectLanguage;
};
/** Finds the target of a model's name in a project. */
export type FindTarget = (name: string) => Promise<Target | undefined>;
export type Routing = { readonly projectId: string; readonly caller: PlanCaller; readonly find: FindTarget };

/** A model to try. */
export type Step = {
  readonly name: string;
  /** The variant that this is; null for a fallback. */
  readonly variant: Variant | null;
  /** The classes of failures after which it is tried; null for all. */
  readonly on: readonly FailureClass[] | null;
  readonly isFromHeader: boolean;
};
export type Routed = { readonly assignment: Assignment; readonly ruled: readonly string[] | null };
type Choosable = Pick<Variant, "model" | "priority" | "weight"> & { readonly variant: Variant | null };

/** Most answers are shorter; a limit of the request is often far above what is used. */
const EXPECTED_OUTPUT_TOKENS = 500;

/** Chooses the variant of a call, and the order of what is tried after it. */
export function createRouter(deps: RouteDeps) {
  const { clock, random, detectLanguage } = deps;
  const conversations = createConversations(clock);
  const units = createRoutedUnits(clock);
  const describe = createDescriber(deps);

  async function choose(endpoint: ResolvedEndpoint, { caller, ...routing }: Routing) {
    const kept = units.ofConversation(endpoint, caller.units);
    if (kept) return { ruled: kept.ruled, choose: () => kept };
    const rule = await matchRule(endpoint.rules, caller.request, detectLanguage);
    const ruled = rule?.variants ?? null;
    const again = units.ofUnit(endpoint, caller.units, ruled);
    if (again) return { ruled, choose: () => again };
    const variants = endpoint.variants.filter(({ name }) => ruled === null || ruled.includes(name));
    const candidates = await Promise.all(
      variants.map((variant) => describe(endpoint, { ...variant, variant }, { caller, ...routing })),
    );
    const draw = byProbabilities(variants, probabilitiesOf(endpoint.strategy, candidates));
    return { ruled, choose: (bucket: number): RoutedChoice => ({ ...draw(bucket), ruled }) };
  }

  async function assignRouted(endpoint: ResolvedEndpoint, routing: Routing): Promise<Routed> {
    const { caller } = routing;
    const route = await choose(endpoint, routing);
    const choices: RoutedChoice[] = [];
    const isOutsideRollout = route.ruled !== null && !isCompared(endpoint, route.ruled);
    const assignment = assignVariant(endpoint, caller.units, {
      forced: caller.variant,
      isOutsideRollout,
      choose: (bucket) => {
        const choice = route.choose(bucket);
        choices.push(choice);
        return choice;
      },
    });
    // Empty when the rollout's candidate got the call.
    for (const choice of choices) units.store(endpoint, caller.units, choice);
    return { assignment, ruled: route.ruled };
  }

  async function fallbacksOf(endpoint: ResolvedEndpoint, routing: Routing): Promise<readonly Step[]> {
    const { fallbacks, strategy } = endpoint;
    const candidates = await Promise.all(
      fallbacks.map(async ({ on, ...fallback }) => ({
        on,
        model: fallback.model,
        ...(await describe(endpoint, { ...fallback, weight: 1, variant: null }, routing)),
      })),
    );
    return inOrder(strategy, candidates, random).map(({ model, on }) => toStep({ name: model, on: criteriaOf(on) }));
  }

  /** The other variants that may answer. A rollout compares variants, so during one they do not stand in for each other. */
  async function othersOf(endpoint: ResolvedEndpoint, { assignment, ruled }: Routed, routing: Routing) {
    const { failover, rollout, variants, strategy } = endpoint;
    if (failover === "fallbacks" || rollout || routing.caller.variant !== "") return [];
    const others = variants.filter(
      ({ name, weight }) => name !== assignment.variant.name && (ruled ? ruled.includes(name) : weight > 0),
    );
    const candidates = await Promise.all(
      others.map(async (variant) => ({
        variant,
        ...(await describe(endpoint, { ...variant, variant }, routing)),
      })),
    );
    return inOrder(strategy, candidates, random).map(({ variant }) => toStep({ name: variant.model, variant }));
  }

  return {
    async assign(endpoint: ResolvedEndpoint, routing: Routing): Promise<Routed> {
      const { units: callUnits, variant: forced } = routing.caller;
      const isPlain = endpoint.strategy === "weight" && endpoint.rules.length === 0;
      const { assignment, ruled } =
        isPlain || forced !== ""
          ? { assignment: assignVariant(endpoint, callUnits, { forced }), ruled: null }
          : await assignRouted(endpoint, routing);
      return { assignment: conversations.keep(endpoint, callUnits, assignment), ruled };
    },

    /** What is tried, beginning with the variant of the call. */
    async stepsOf(endpoint: ResolvedEndpoint, routed: Routed, routing: Routing): Promise<readonly Step[]> {
      const { variant } = routed.assignment;
      const others = await othersOf(endpoint, routed, routing);
      return [toStep({ name: variant.model, variant }), ...others, ...(await fallbacksOf(endpoint, routing))];
    },
  };
}

/** A step that is tried after any failure, unless it says otherwise. */
export const toStep = (step: Partial<Step> & Pick<Step, "name">): Step => ({
  variant: null,
  on: null,
  isFromHeader: false,
  ...step,
});

export const criteriaOf = (on: readonly FailureClass[]) => (on.length === FailureClass.options.length ? null : on);

const isCompared = ({ rollout }: ResolvedEndpoint, ruled: readonly string[]) =>
  rollout !== null && ruled.includes(rollout.candidate) && ruled.includes(rollout.control);

/** What is known of a variant or a fallback. Only what the strategy reads is looked up. */
function createDescriber({ loads, isAvailable, prices }: RouteDeps) {
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

const NO_CACHE = { cachedInputTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 };

function expectedUsage(request: RequestFacts, variant: Variant | null) {
  const limit = variant?.parameters.max_tokens ?? variant?.parameters.max_completion_tokens ?? request.maxOutputTokens;
  const outputTokens = Math.min(EXPECTED_OUTPUT_TOKENS, typeof limit === "number" ? limit : EXPECTED_OUTPUT_TOKENS);
  return { inputTokens: request.inputTokens(), outputTokens };
}
