import { createLateChecks, type Possible } from "@treadle/guards";
import type { Clock } from "../../../../kernel/clock.ts";
import {
  type ActivePolicy,
  askLater,
  type CallMasks,
  createAheadOf,
  GUARD_ACTOR,
  type GuardRegistry,
  type Guards,
  mapTexts,
} from "../../guards/index.ts";
import type { GuardedStages } from "../request/checks.ts";
import { type Call, withRequest } from "../request/read-call.ts";
import type { Plan } from "../resolve/resolve-model.ts";
import type { DetectLanguage } from "../resolve/routing/match-rules.ts";
import { type CountTokens, createAnswerGuard } from "./answer-guard.ts";
import { factsOf } from "./call-facts.ts";
import { createCallLanguage } from "./call-language.ts";
import type { Means } from "./guard-message.ts";
import { createGuardRecord, type GuardRecord } from "./guard-record.ts";
import { createPassageGuard, type FoundText, type JudgedText } from "./passage-guard.ts";
import { createRefusalText } from "./refusal.ts";
import { type Checked, createRequestGuard } from "./request-guard.ts";

type Deps = {
  readonly guards: Pick<Guards, "find" | "openMasks" | "registry">;
  readonly countTokens: CountTokens;
  readonly detectLanguage: DetectLanguage;
  readonly clock: Clock;
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
function createCallGuard({ policy, masks: { masks, save }, call: arrived, registry, ...deps }: Opened) {
  const record = createGuardRecord(policy);
  const quoted: string[] = [];
  const { judging, readTexts } = openJudging({ policy, masks, call: arrived, registry, quoted, ...deps });
  const language = createCallLanguage({ ...deps, call: arrived });
  const refusal = policy.refusal && createRefusalText(policy.refusal, { language, call: arrived });
  const means = { judging, readTexts, record: record.answer, restore: masks.restore, refusal };
  const request = createRequestGuard(policy, { ...means, record });
  const judgePassages = createPassageGuard({ ...means, record: record.passages, withheld: record.withheld });
  return {
    /** The request as the provider may see it. */
    async check(call: Call, possible: Possible = {}): Promise<Checked> {
      await readTexts((visitor) => mapTexts(call.format, call.request, visitor));
      const checked = request.check(call, possible);
      save();
      // A blocked call ends now. For all others, the language is detected while the provider works.
      if (checked.error) await language.find();
      else setImmediate(language.find);
      return checked;
    },
    /** Passages of a knowledge base as they may be quoted; null for each that a rule blocks. */
    async passages(found: readonly FoundText[]): Promise<readonly (JudgedText | null)[]> {
      const judged = await judgePassages(found);
      quoted.push(...judged.flatMap((passage) => passage?.sent ?? []));
      save();
      return judged;
    },
    ...createAnswerGuard(means, { ...deps, hasMasks: () => masks.size() > 0, first: record.first }),
    ...createStages(policy, { record, versionOf: createVersionOf(registry, arrived) }),
    isBlocked: record.isBlocked,
    /** The text that answers a request that is blocked; null for an error. */
    refusal,
    /** Whether the request holds something that may not be repeated elsewhere. */
    hasChanged: request.hasChanged,
    /** For the span, once the answer has ended. */
    attributes(): Readonly<Record<string, unknown>> {
      save();
      return { ...record.attributes(), ...(language.found() !== "" && { "treadle.guard.language": language.found() }) };
    },
  };
}
export type CallGuard = ReturnType<typeof createCallGuard>;

type ToJudge = Pick<Opened, "call" | "registry" | "clock"> & {
  readonly quoted: readonly string[];
  readonly policy: ActivePolicy;
  readonly masks: CallMasks["masks"];
};

/** What texts of a call are judged with, and how long ones are read and late detectors are asked before that. */
function openJudging({ policy: { policy }, masks, call, registry, quoted, clock }: ToJudge) {
  const facts = { call: factsOf(call, () => quoted), now: clock.elapsed };
  const ahead = createAheadOf(registry, { ...facts, policy });
  const shared = { policy, ...registry, ...facts, late: undefined, ahead, masks };
  const late = registry.late && createLateChecks(shared, registry.late.of(call.scope.projectId));
  const readTexts: Means["readTexts"] = async (walk, isAnswer) => {
    await ahead?.read(walk, isAnswer);
    await askLater(late, walk);
  };
  return { judging: { ...shared, late }, readTexts };
}

type Recorded = {
  readonly record: Pick<GuardRecord, "stages">;
  readonly versionOf: GuardedStages["versionOf"];
};

/** What was checked, for the spans of the checks. */
function createStages({ policyId, version }: ActivePolicy, { record, versionOf }: Recorded) {
  let before: readonly GuardedStages[] = [];
  const stages = () => [...before, { policyId, version, versionOf, stages: record.stages() }];
  return {
    stages,
    /** Takes over the checks of the variant that was tried before. */
    follow(earlier: { readonly stages: () => readonly GuardedStages[] } | null): void {
      before = earlier?.stages() ?? [];
    },
  };
}

const createVersionOf =
  ({ detectors, calls, late }: GuardRegistry, { scope }: Call) =>
  (name: string): number | undefined =>
    (detectors.get(name) ?? calls?.get(name) ?? late?.of(scope.projectId).get(name))?.version;
