import { FailureClass, type Variant } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import type { ResolvedEndpoint } from "../../endpoints/index.ts";
import { type Assignment, assignVariant } from "./assign-variant.ts";
import { createDescriber, type Describe, type DescribeDeps, type Routing } from "./describe-candidate.ts";
import { byProbabilities } from "./draw.ts";
import type { FindDrawn } from "./draw-in-test.ts";
import { createConversations } from "./keep-conversations.ts";
import { createRoutedUnits, type RoutedChoice, type RoutedUnits } from "./keep-routed.ts";
import { createTestUnits, type LoadDrawn } from "./keep-test-units.ts";
import { type DetectLanguage, matchRule } from "./routing/match-rules.ts";
import { inOrder, probabilitiesOf } from "./routing/strategies.ts";

export type RouteDeps = DescribeDeps & {
  readonly clock: Pick<Clock, "elapsed">;
  readonly random: () => number;
  readonly detectLanguage: DetectLanguage;
  readonly loadDrawn: LoadDrawn;
};

/** A model to try. */
export type Step = {
  readonly name: string;
  /** The variant that this is; null for a fallback. */
  readonly variant: Variant | null;
  /** The classes of failures after which it is tried; null for all. */
  readonly on: readonly FailureClass[] | null;
  readonly isFromHeader: boolean;
};
type Routed = { readonly assignment: Assignment; readonly ruled: readonly string[] | null };

/** Chooses the variant of a call, and the order of what is tried after it. */
export function createRouter(deps: RouteDeps) {
  const { clock, random, detectLanguage } = deps;
  const conversations = createConversations(clock);
  const units = createRoutedUnits(clock);
  const testUnits = createTestUnits(deps);
  const describe = createDescriber(deps);
  const assignRouted = createRoutedAssignment({ choose: createChooser({ describe, units, detectLanguage }), units });
  const { orderVariants, orderFallbacks } = createOrder({ describe, random });

  return {
    async assign(endpoint: ResolvedEndpoint, routing: Routing): Promise<Routed> {
      const { units: callUnits, variant: forced } = routing.caller;
      const drawn = await testUnits.of(routing.projectId, endpoint.abTest);
      const { assignment, ruled } =
        isPlain(endpoint) || forced !== ""
          ? { assignment: assignVariant(endpoint, callUnits, { forced, findDrawn: drawn?.find }), ruled: null }
          : await assignRouted(endpoint, routing, drawn?.find);
      drawn?.store(endpoint.abTest, assignment);
      return { assignment: conversations.keep(endpoint, callUnits, assignment), ruled };
    },

    /** What is tried, beginning with the variant of the call. */
    async stepsOf(endpoint: ResolvedEndpoint, routed: Routed, routing: Routing): Promise<readonly Step[]> {
      const { variant } = routed.assignment;
      const others = await orderVariants(endpoint, othersOf(endpoint, routed, routing), routing);
      const fallbacks = await orderFallbacks(endpoint, routing);
      return [toStep({ name: variant.model, variant }), ...others, ...fallbacks];
    },
  };
}

/** Whether the weights alone choose, or a rollout or a test. */
const isPlain = ({ strategy, rules }: ResolvedEndpoint): boolean => strategy === "weight" && rules.length === 0;

/** Assigns by rules and measurements, and remembers the choice. */
function createRoutedAssignment({ choose, units }: { choose: Choose; units: RoutedUnits }) {
  return async function assignRouted(
    endpoint: ResolvedEndpoint,
    routing: Routing,
    findDrawn: FindDrawn | undefined,
  ): Promise<Routed> {
    const { caller } = routing;
    const route = await choose(endpoint, routing);
    const choices: RoutedChoice[] = [];
    const isOutsideRollout = route.ruled !== null && !isCompared(endpoint, route.ruled);
    const assignment = assignVariant(endpoint, caller.units, {
      forced: caller.variant,
      findDrawn,
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
  };
}

/** The other variants that may answer. Rollouts and A/B tests compare variants, so during one they do not stand in for each other. */
function othersOf(endpoint: ResolvedEndpoint, { assignment, ruled }: Routed, { caller }: Routing): readonly Variant[] {
  const { failover, rollout, abTest, variants } = endpoint;
  if (failover === "fallbacks" || rollout || abTest || caller.variant !== "") return [];
  return variants.filter(
    ({ name, weight }) => name !== assignment.variant.name && (ruled ? ruled.includes(name) : weight > 0),
  );
}

/** The order of what is tried after a failure. */
function createOrder({ describe, random }: { describe: Describe; random: () => number }) {
  return {
    async orderVariants(endpoint: ResolvedEndpoint, variants: readonly Variant[], routing: Routing) {
      const candidates = await Promise.all(
        variants.map(async (variant) => ({ variant, ...(await describe(endpoint, { ...variant, variant }, routing)) })),
      );
      const ordered = inOrder(endpoint.strategy, candidates, random);
      return ordered.map(({ variant }) => toStep({ name: variant.model, variant }));
    },
    async orderFallbacks(endpoint: ResolvedEndpoint, routing: Routing) {
      const candidates = await Promise.all(
        endpoint.fallbacks.map(async ({ model, on, priority }) => {
          const facts = await describe(endpoint, { model, priority, weight: 1, variant: null }, routing);
          return { model, on, ...facts };
        }),
      );
      const ordered = inOrder(endpoint.strategy, candidates, random);
      return ordered.map(({ model, on }) => toStep({ name: model, on: criteriaOf(on) }));
    },
  };
}

type ChooserDeps = Pick<RouteDeps, "detectLanguage"> & {
  readonly describe: Describe;
  readonly units: RoutedUnits;
};

/** How the variant of a call is chosen: as before for a unit that stays on its variant, otherwise by rule and strategy. */
function createChooser({ describe, units, detectLanguage }: ChooserDeps) {
  return async function choose(endpoint: ResolvedEndpoint, { caller, ...routing }: Routing) {
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
  };
}

type Choose = ReturnType<typeof createChooser>;

/** A step that is tried after any failure, unless it says otherwise. */
export const toStep = (step: Partial<Step> & Pick<Step, "name">): Step => ({
  variant: null,
  on: null,
  isFromHeader: false,
  ...step,
});

const criteriaOf = (on: readonly FailureClass[]) => (on.length === FailureClass.options.length ? null : on);

function isCompared({ rollout, abTest }: ResolvedEndpoint, ruled: readonly string[]): boolean {
  if (abTest) return abTest.arms.every(({ variant }) => ruled.includes(variant));
  return rollout !== null && ruled.includes(rollout.candidate) && ruled.includes(rollout.control);
}
