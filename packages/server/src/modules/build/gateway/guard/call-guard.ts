import { createLateChecks, judgeText, type Possible, TRUSTS } from "@treadle/guards";
import type { Clock } from "../../../../kernel/clock.ts";
import type { AppError } from "../../../../kernel/errors.ts";
import {
  type ActivePolicy,
  askLater,
  type CallMasks,
  createAhead,
  GUARD_ACTOR,
  type GuardRegistry,
  type Guards,
  mapStrings,
  mapTexts,
  type TextVisitor,
} from "../../guards/index.ts";
import type { CallPrompt } from "../request/caller-facts.ts";
import type { GuardedStages } from "../request/checks.ts";
import { type Call, withRequest } from "../request/read-call.ts";
import type { Plan } from "../resolve/resolve-model.ts";
import type { DetectLanguage } from "../resolve/routing/match-rules.ts";
import { type CountTokens, createAnswerGuard } from "./answer-guard.ts";
import { factsOf } from "./call-facts.ts";
import { judgingVisitor, type Means } from "./guard-message.ts";
import { createGuardRecord, type GuardRecord } from "./guard-record.ts";
import { createRefusalText } from "./refusal.ts";

type Deps = {
  readonly guards: Pick<Guards, "find" | "openMasks" | "registry">;
  readonly countTokens: CountTokens;
  readonly detectLanguage: DetectLanguage;
  readonly clock: Clock;
};
/** A request as its guards let it through. With an error it must not be sent; what would block is replaced, for the record. */
export type Checked = {
  readonly call: Call;
  readonly error: AppError | null;
  /** The endpoint or model that must get the call instead, and why; null for none. */
  readonly reroute: { readonly target: string; readonly kinds: readonly string[] } | null;
};

/** What of a plan selects the policy. */
type Guarded = Pick<Plan, "endpoint" | "assignment">;

const NO_ENDPOINT: Guarded = { endpoint: null, assignment: null };

/** Finds the guards of calls. Without a policy that costs one look at a map. */
export function createGuardStage(deps: Deps) {
  const begin = createBegin(deps);
  return {
    begin,
    /**
     * A call that failed before its guards were found, as its span may store it: under the policy of its key or its project. Without
     * its content if that cannot be found either.
     */
    async maskUnsent(call: Call): Promise<Call> {
      try {
        const guard = await begin(call, NO_ENDPOINT);
        return guard ? (await guard.check(call)).call : call;
      } catch {
        return withRequest(call, { model: call.request.model, stream: call.isStream }, null);
      }
    },
  };
}

function createBegin({ guards, ...deps }: Deps) {
  async function open(call: Call, finding: ReturnType<Guards["find"]>): Promise<CallGuard | null> {
    const policy = await finding;
    if (policy === null) return null;
    const session = policy.hasMasks ? sessionOf(call) : null;
    const masks = await guards.openMasks(session, policy.maskSeconds);
    return createCallGuard({ ...deps, policy, masks, call, registry: guards.registry });
  }

  function findPolicy({ scope, chosenGuards }: Call, { endpoint, assignment }: Guarded): ReturnType<Guards["find"]> {
    if (scope.actor === GUARD_ACTOR) return null;
    if (chosenGuards) return chosenGuards.policy;
    return guards.find({
      projectId: scope.projectId,
      keyId: scope.actor.startsWith("key_") ? scope.actor : null,
      endpointId: endpoint?.endpointId ?? null,
      variant: assignment?.variant.name ?? null,
    });
  }

  /** The guards of a call; null for none. */
  return (call: Call, { endpoint, assignment }: Guarded): CallGuard | null | Promise<CallGuard | null> => {
    const finding = findPolicy(call, { endpoint, assignment });
    return finding === null ? null : open(call, finding);
  };
}
export type GuardStage = ReturnType<typeof createGuardStage>;

/** Without a session, a conversation gets the same placeholders again because it repeats its messages. */
const sessionOf = ({ scope, facts }: Call) =>
  facts.sessionId === "" ? null : { projectId: scope.projectId, userId: facts.userId, sessionId: facts.sessionId };

type Opened = Omit<Deps, "guards"> & {
  readonly policy: ActivePolicy;
  readonly masks: CallMasks;
  /** The call as it arrived at its guards. */
  readonly call: Call;
  readonly registry: GuardRegistry;
};

/** The guards of one call, from its request to the end of its answer. */
function createCallGuard({ policy: active, masks: { masks, save }, call, registry, ...deps }: Opened) {
  const { policy, policyId, version } = active;
  const record = createGuardRecord(active);
  const versionOf = createVersionOf(registry, call);
  const facts = { call: factsOf(call), now: deps.clock.elapsed };
  const read = registry.readElsewhere;
  const ahead = read && createAhead({ ...facts, read, policy, detectors: registry.detectors });
  const shared = { policy, ...registry, ...facts, late: undefined, ahead, masks };
  const late = registry.late && createLateChecks(shared, registry.late.of(call.scope.projectId));
  const judging = { ...shared, late };
  const refusal = active.refusal && createRefusalText(active.refusal, { ...deps, call });
  const means = { judging, ahead, record: record.answer, restore: masks.restore, refusal };
  const request = createRequestGuard(active, { ...means, record });
  let before: readonly GuardedStages[] = [];
  return {
    /** The request as the provider may see it. */
    async check(call: Call, possible: Possible = {}): Promise<Checked> {
      const walk = (visitor: TextVisitor) => mapTexts(call.format, call.request, visitor);
      await ahead?.read(walk);
      await askLater(late, walk);
      const checked = request.check(call, possible);
      save();
      return checked;
    },
    ...createAnswerGuard(means, { ...deps, hasMasks: () => masks.size() > 0, first: record.first }),
    isBlocked: record.isBlocked,
    /** The text that answers a request that is blocked; null for an error. */
    refusal,
    /** Whether the request holds something that may not be repeated elsewhere. */
    hasChanged: request.hasChanged,
    /** Takes over the checks of the variant that was tried before. */
    follow(earlier: { readonly stages: () => readonly GuardedStages[] }): void {
      before = earlier.stages();
    },
    /** What was checked, for the spans of the checks. */
    stages: (): readonly GuardedStages[] => [...before, { policyId, version, versionOf, stages: record.stages() }],
    /** For the span, once the answer has ended. */
    attributes(): Readonly<Record<string, unknown>> {
      save();
      return record.attributes();
    },
  };
}
export type CallGuard = ReturnType<typeof createCallGuard>;

const createVersionOf =
  ({ detectors, calls, late }: GuardRegistry, { scope }: Call) =>
  (name: string): number | undefined =>
    (detectors.get(name) ?? calls?.get(name) ?? late?.of(scope.projectId).get(name))?.version;

type Recorded = { readonly record: GuardRecord };

function createRequestGuard(
  { policyId, version, policy }: ActivePolicy,
  { record, ...means }: Omit<Means, "record"> & Recorded,
) {
  let hasChanged = false;
  return {
    hasChanged: () => hasChanged,
    check(call: Call, possible: Possible): Checked {
      const judging = { ...means.judging, possible };
      const request = mapTexts(
        call.format,
        call.request,
        judgingVisitor({ judging, record: record.request }, () => undefined),
      );
      const prompt = call.prompt && maskPrompt(call.prompt, means);
      const isChanged = request !== call.request || prompt !== call.prompt;
      hasChanged ||= isChanged;
      const checked = isChanged ? withRequest(call, request, prompt) : call;
      return {
        call: { ...checked, guardedBy: `${policyId}@${version}` },
        error: record.isBlocked() ? record.toError() : null,
        reroute: record.isBlocked() ? null : rerouteOf(record.found(), policy),
      };
    },
  };
}

/** The first rule with a finding decides. */
function rerouteOf(found: ReturnType<GuardRecord["found"]>, { rules }: ActivePolicy["policy"]): Checked["reroute"] {
  const findings = found.filter(({ action }) => action === "reroute").toSorted((one, two) => one.rule - two.rule);
  const target = findings[0] && rules[findings[0].rule]?.target;
  return target ? { target, kinds: [...new Set(findings.map(({ kind }) => kind))] } : null;
}

type Inputs = NonNullable<CallPrompt["filled"]>["inputs"];

/** The variables of a prompt are stored with the span. What may not be in any message may not be there either. */
function maskPrompt(prompt: CallPrompt, { judging }: Pick<Means, "judging">): CallPrompt {
  if (!prompt.filled) return prompt;
  const policy = { rules: judging.policy.rules.map((rule) => ({ ...rule, scopes: TRUSTS })) };
  const text = (value: string) => judgeText(value, { ...judging, policy, trust: "user" }).text;
  const at = { trust: "user", path: "prompt.inputs" } as const;
  const visitor = { text, unknown: () => undefined };
  const inputs = mapStrings(prompt.filled.inputs, visitor, at) as Inputs;
  return inputs === prompt.filled.inputs ? prompt : { ...prompt, filled: { ...prompt.filled, inputs } };
}
