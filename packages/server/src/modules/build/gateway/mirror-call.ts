import type { Span } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { AppError } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import { systemScope } from "../../../kernel/scope.ts";
import { INTERNAL_MESSAGE } from "./answer/answer-failure.ts";
import { type CallResult, cancelledResult, errorResult, okResult } from "./answer/delivery.ts";
import { toResponse } from "./answer/send-answer.ts";
import { expectedFailure } from "./attempt/attempt-failure.ts";
import { type AttemptLog, NO_ATTEMPTS } from "./attempt/attempt-log.ts";
import type { Attempts } from "./attempt/run-attempts.ts";
import type { ChatResponse } from "./formats/hub/hub.ts";
import type { CallGuard, GuardStage } from "./guard/call-guard.ts";
import type { RecordCall } from "./record/record-call.ts";
import { runsTools, SHADOW_TAG } from "./request/mirror-of.ts";
import type { MirrorOrder } from "./request/mirrors.ts";
import { type Call, readCall } from "./request/read-call.ts";
import type { ShapeByVariant } from "./resolve/apply-variant.ts";
import { orderByWeight } from "./resolve/draw-by-weight.ts";
import type { ModelResolver, Plan, PlannedTarget } from "./resolve/resolve-model.ts";
import { planCallerOf } from "./resolve/units-of.ts";

type Deps = {
  readonly resolver: ModelResolver;
  readonly shapeByVariant: ShapeByVariant;
  readonly guards: GuardStage;
  readonly attempts: Attempts;
  readonly recordCall: RecordCall;
  readonly clock: Clock;
  readonly random: () => number;
};

/** How the call of a candidate ended. Without a span, it was rejected before it reached a provider. */
export type MirrorAnswer = {
  readonly span: Span | null;
  readonly response: ChatResponse | null;
  /** Null if the candidate answered. */
  readonly error: { readonly code: string; readonly message: string } | null;
};
type Ready = { readonly call: Call; readonly plan: Plan; readonly guard: CallGuard | null };

/**
 * Repeats a request with a candidate variant: one attempt with one key, without retries and fallbacks. Never throws. Its span is
 * the root of a separate trace and names the call that it repeats.
 */
export function createMirrorCall(deps: Deps) {
  const prepare = createPrepare(deps);
  const send = createSend(deps);
  return async function mirrorCall(order: MirrorOrder): Promise<MirrorAnswer> {
    try {
      return await send(await prepare(order));
    } catch (error) {
      return { span: null, response: null, error: describe(error) };
    }
  };
}
export type MirrorCall = ReturnType<typeof createMirrorCall>;

function createPrepare({ resolver, shapeByVariant, guards, clock, random }: Omit<Deps, "attempts" | "recordCall">) {
  return async function prepare(order: MirrorOrder): Promise<Ready> {
    const arrived = toCall(order, clock);
    const wished = planCallerOf(arrived);
    // Without units, the call cannot move a conversation to the candidate.
    const units = { ...wished.units, conversation: () => "" };
    const found = await resolver.plan(order.projectId, order.endpoint, { ...wished, variant: order.variant, units });
    const plan = onlyCandidate(found, order.variant, random);
    const shaped = await shapeByVariant(arrived, plan);
    if (runsTools(shaped.request)) throw runsToolsItself(order.variant);
    if (plan.assignment?.variant.knowledge) throw usesKnowledge(order.variant);
    const guard = await guards.begin(shaped, plan);
    const { call, error, reroute } = (await guard?.check(shaped, { reroute: true })) ?? NOT_CHECKED(shaped);
    if (error) throw error;
    if (reroute) throw wouldReroute(order.variant, reroute.target);
    return { call, plan, guard };
  };
}

/** The one attempt, and its span. */
function createSend({ attempts, recordCall, clock }: Pick<Deps, "attempts" | "recordCall" | "clock">) {
  return async function send({ call, plan, guard }: Ready): Promise<MirrorAnswer> {
    let log: AttemptLog = NO_ATTEMPTS;
    let result: CallResult;
    let error: MirrorAnswer["error"] = null;
    try {
      const attempted = await attempts.run(call, plan, () => call);
      log = attempted.log;
      if ("error" in attempted.result) throw attempted.result.error;
      attempted.result.release();
      const answer = toResponse(attempted.result.outcome, { model: plan.targets[0].model, now: clock.now() });
      result = okResult((await guard?.response(answer))?.stored ?? answer);
    } catch (failure) {
      error = call.signal.aborted
        ? { code: "cancelled", message: "The mirrored call ran out of time." }
        : describe(failure);
      result = call.signal.aborted ? cancelledResult(null) : errorResult(error.code, error.message, null);
    }
    // It was rejected before an attempt, such as by the budget of the project.
    if (log.attempts.length === 0) return { span: null, response: null, error };
    const spans: Span[] = [];
    const known = { plan, target: plan.targets[0], firstTokenAt: null, isCacheHit: false };
    const ending = { ...known, log, result, guard: guard?.attributes(), checks: guard?.stages() };
    await recordCall(call, { ...ending, endedAt: clock.elapsed(), onSpan: (span) => void spans.push(span) });
    return { span: spans[0] ?? null, response: result.response, error };
  };
}

/** The call as its span and its limits see it: of no user and no session. */
function toCall({ projectId, request, environment, signal, ...mirrorOf }: MirrorOrder, clock: Clock): Call {
  const { stream: _, stream_options: _options, user: _user, ...plain } = request;
  const headers = { "x-treadle-tags": SHADOW_TAG, "x-treadle-environment": environment };
  const chat = { ...plain, model: mirrorOf.endpoint };
  const caller = { bytes: Buffer.from(JSON.stringify(chat)), headers, signal, requestId: newId("req") };
  const call = readCall({ scope: systemScope(projectId), format: "chat", request: chat, caller }, clock);
  return { ...call, mirrorOf, facts: { ...call.facts, userId: "", sessionId: "", metadata: {} } };
}

/** The plan with the candidate's model alone, and one of its keys. */
function onlyCandidate(plan: Plan, variant: string, random: () => number): Plan {
  const [target] = plan.targets;
  if (target.variant?.name !== variant)
    throw new AppError("unavailable", {
      message: `The model of the variant "${variant}" is not available. Start or connect it, or choose another variant.`,
      details: { variant },
    });
  return { ...plan, targets: [withoutRetries(target, random)] };
}

function withoutRetries(target: PlannedTarget, random: () => number): PlannedTarget {
  if (target.kind !== "http") return target;
  const keys = orderByWeight(target.connection.keys, random).slice(0, 1);
  return { ...target, connection: { ...target.connection, maxRetries: 0, keys } };
}

const NOT_CHECKED = (call: Call) => ({ call, error: null, reroute: null });

const wouldReroute = (variant: string, target: string) =>
  new AppError("content_filter", {
    message: `A guard sends this request to "${target}", so the variant "${variant}" may not get it.`,
    details: { variant },
  });

const runsToolsItself = (variant: string) =>
  new AppError("unprocessable", {
    message: `The variant "${variant}" has a tool that its provider would run. A mirrored call may only propose calls of tools.`,
    details: { variant },
  });

const usesKnowledge = (variant: string) =>
  new AppError("unprocessable", {
    message: `The variant "${variant}" answers from a knowledge base, which a mirrored call cannot do.`,
    details: { variant },
  });

function describe(error: unknown): { code: string; message: string } {
  const failure = expectedFailure(error);
  if (failure) return { code: failure.type ?? `status_${failure.status}`, message: failure.message };
  if (error instanceof AppError) return { code: error.code, message: error.message };
  return { code: "internal", message: INTERNAL_MESSAGE };
}
