import type { ChatRequest, PromptUse } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { AppError } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { ChosenGuards } from "../guards/index.ts";
import { INTERNAL_MESSAGE, toCallerError } from "./answer/answer-failure.ts";
import { type CallResult, cancelledResult, errorResult, okResult } from "./answer/delivery.ts";
import { toResponse } from "./answer/send-answer.ts";
import { createAskAgain } from "./ask-again.ts";
import { type AttemptFailure, expectedFailure } from "./attempt/attempt-failure.ts";
import { type AttemptLog, NO_ATTEMPTS } from "./attempt/attempt-log.ts";
import type { Attempts } from "./attempt/run-attempts.ts";
import { citeForms } from "./cite/cite-outcome.ts";
import { notFoundResponse } from "./cite/not-found.ts";
import type { CallerHeaders } from "./formats/hub/any-request.ts";
import type { ChatResponse } from "./formats/hub/hub.ts";
import type { CallGuard } from "./guard/call-guard.ts";
import type { GuardedResponse } from "./guard/guard-message.ts";
import { refusedResponse } from "./guard/refusal.ts";
import { isReady, type PrepareCall, type Prepared, type Ready } from "./prepare-call.ts";
import type { CallCost, Ending, RecordCall } from "./record/record-call.ts";
import { refusalOf } from "./refuse-call.ts";
import type { Admission } from "./request/admission.ts";
import type { CallPrompt } from "./request/caller-facts.ts";
import { isUnanswerable } from "./request/grounding.ts";
import { type Call, readCall } from "./request/read-call.ts";
import { CHAT, createPromptFiller, type FillPrompt, isPrompted } from "./resolve/fill-prompt.ts";

/** A chat request. With a stored prompt, the model, the messages and the parameters may come from the prompt. */
export type CompletionRequest = ChatRequest | (Partial<ChatRequest> & { readonly prompt: PromptUse });

export type Completion = {
  readonly response: ChatResponse;
  /** The version of the stored prompt that was used, even if a label selected it; null without a stored prompt. */
  readonly prompt: Pick<CallPrompt, "name" | "version"> | null;
  readonly traceId: string;
  readonly spanId: string;
  /** The cost of the call, as in its span. */
  readonly cost: CallCost;
};

/** A caller inside this program. `headers` set fields of the span, like the headers of an HTTP caller. */
export type InnerCaller = {
  readonly signal: AbortSignal;
  readonly headers: CallerHeaders;
  /** Guards for this call only, instead of the policy that applies. */
  readonly guards?: ChosenGuards | null;
};

type Deps = {
  readonly admission: Admission;
  readonly fillPrompt: FillPrompt;
  readonly prepare: PrepareCall;
  readonly attempts: Attempts;
  readonly recordCall: RecordCall;
  readonly clock: Clock;
};

const UNKNOWN_COST: CallCost = { tokens: 0, costUsd: null };

/**
 * Answers a plain chat request of another part of this program. Throws `AppError`, and a provider's error as `provider_failed`.
 * A missing prompt, wrong inputs of a prompt and an incomplete request are thrown before the call starts, so they leave no span.
 */
export function createCompletion({ admission, fillPrompt, ...deps }: Deps) {
  const fill = createPromptFiller(fillPrompt, CHAT);
  const answer = createInnerAnswer(deps);

  /** The complete request, and the prompt that is filled in. */
  const completeRequest = async (
    scope: Scope,
    request: CompletionRequest,
  ): Promise<{ request: ChatRequest; prompt: CallPrompt | null }> =>
    isPrompted(request) ? fill(scope, request) : { request, prompt: null };

  async function complete(
    scope: Scope,
    incoming: CompletionRequest,
    { signal, headers, guards: chosenGuards = null }: InnerCaller,
  ): Promise<Completion> {
    const { request, prompt } = await completeRequest(scope, incoming);
    const { stream: _, stream_options: _options, ...plain } = request;
    const caller = { bytes: Buffer.from(JSON.stringify(plain)), headers, signal, requestId: newId("req") };
    const arrived = readCall(
      { scope, format: "chat", request: plain, caller, chosenGuards, ...(prompt && { prompt }) },
      deps.clock,
    );
    const answered = await answer(arrived);
    return { ...answered, prompt: prompt && { name: prompt.name, version: prompt.version } };
  }

  return async (scope: Scope, request: CompletionRequest, by: AbortSignal | InnerCaller): Promise<Completion> => {
    admission.enter();
    try {
      return await complete(scope, request, by instanceof AbortSignal ? { signal: by, headers: {} } : by);
    } finally {
      admission.leave();
    }
  };
}

type AnswerDeps = Omit<Deps, "admission" | "fillPrompt">;
type InnerAnswer = Omit<Completion, "prompt">;

/** Answers a plain chat call, and records it however it ends. */
function createInnerAnswer({ prepare, attempts, recordCall, clock }: AnswerDeps) {
  const { record, fail } = createRecords({ recordCall, clock });
  const ask = createAsk({ attempts, clock });

  return async (arrived: Call): Promise<InnerAnswer> => {
    const prepared = await prepare(arrived, { fallbacks: [] });
    const asked = isReady(prepared) ? await ask(prepared) : failedBefore(prepared);
    const { call, result } = asked;
    const facts = { ...asked, guard: prepared.guarding?.current() ?? null };
    const toAnswer = async (shown: ChatResponse, stored: ChatResponse, recorded: Recorded) => {
      const cost = (await record(call, okResult(stored), recorded)) ?? UNKNOWN_COST;
      return { response: shown, traceId: call.traceId, spanId: call.spanId, cost };
    };
    if (!("error" in result)) return toAnswer(result.shown, result.stored, facts);
    const { error } = result;
    if (call.signal.aborted) {
      record(call, cancelledResult(null), facts);
      throw new AppError("cancelled", { cause: error });
    }
    const text = await refusalOf(call, { error, guard: facts.guard });
    if (text !== null) {
      const response = refusedResponse(call, text);
      return toAnswer(response, response, { ...facts, target: null });
    }
    throw fail(call, toThrown(error, facts.log), facts);
  };
}

function createRecords({ recordCall, clock }: Pick<Deps, "recordCall" | "clock">) {
  const record = (call: Call, result: CallResult, { plan, target, log, guard }: Recorded) => {
    const found = { guard: guard?.attributes(), checks: guard?.stages(), reask: guard?.reask() ?? null };
    const ending = { plan, target, log, result, ...found, firstTokenAt: null, isCacheHit: false };
    return recordCall(call, { ...ending, endedAt: clock.elapsed() });
  };
  /** Records a call without an answer, and returns the error for its caller. */
  const fail = (call: Call, thrown: unknown, facts: Recorded): unknown => {
    record(call, errorResult(codeOf(thrown), messageFor(thrown), null), facts);
    return thrown;
  };
  return { record, fail };
}

type Recorded = Pick<Asked, "plan" | "target" | "log"> & { readonly guard: CallGuard | null };
type Asked = Pick<Ending, "plan" | "target" | "log"> & {
  readonly call: Call;
  readonly result: GuardedResponse | { readonly error: unknown };
};

const failedBefore = ({ call, plan, error }: Prepared): Asked => ({
  call,
  plan,
  target: plan?.targets[0] ?? null,
  log: NO_ATTEMPTS,
  result: { error },
});

/** Asks the targets of a call, and reads the answer under its guards. Never throws. */
function createAsk({ attempts, clock }: Pick<Deps, "attempts" | "clock">) {
  const askAgain = createAskAgain({ attempts, clock });
  return async ({ call, plan, guarding }: Ready): Promise<Asked> => {
    if (call.grounding && isUnanswerable(call)) {
      const response = notFoundResponse(call, call.grounding);
      return { call, plan, target: null, log: NO_ATTEMPTS, result: { stored: response, shown: response } };
    }
    const { result, log } = await attempts.run(call, plan, guarding.shapeFor);
    if ("error" in result) return { call, plan, target: plan.targets[0], log, result };
    result.release();
    const { target, outcome } = result;
    const asked = { call: result.call, plan: result.plan, target, log };
    try {
      const guarded = await guarding.current()?.whole(result.call, result, askAgain(result));
      const answer = guarded?.stored ?? toResponse(outcome, { model: target.model, now: clock.now() });
      const { grounding } = result.call;
      if (grounding === null) return { ...asked, result: guarded ?? { stored: answer, shown: answer } };
      const { response, shown } = citeForms(answer, guarded?.shown, grounding);
      return { ...asked, result: { stored: response, shown } };
    } catch (error) {
      return { ...asked, result: { error } };
    }
  };
}

function toThrown(error: unknown, log: AttemptLog): unknown {
  const failure = expectedFailure(error);
  return failure ? (toCallerError(failure, log) ?? providerFailed(failure)) : error;
}
const codeOf = (error: unknown) => (error instanceof AppError ? error.code : "internal");
const messageFor = (error: unknown) => (error instanceof AppError ? error.message : INTERNAL_MESSAGE);

const providerFailed = (failure: AttemptFailure) =>
  new AppError("provider_failed", { message: failure.message, details: { status: failure.status }, cause: failure });
