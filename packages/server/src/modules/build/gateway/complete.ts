import type { ChatRequest, PromptUse } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { AppError } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { ChosenGuards } from "../guards/index.ts";
import { INTERNAL_MESSAGE, toCallerError } from "./answer/answer-failure.ts";
import { type CallResult, cancelledResult, errorResult, okResult } from "./answer/delivery.ts";
import { toResponse } from "./answer/send-answer.ts";
import { type AttemptFailure, expectedFailure } from "./attempt/attempt-failure.ts";
import { type AttemptLog, NO_ATTEMPTS } from "./attempt/attempt-log.ts";
import type { Attempts } from "./attempt/run-attempts.ts";
import type { CallerHeaders } from "./formats/hub/any-request.ts";
import type { ChatResponse } from "./formats/hub/hub.ts";
import type { GuardStage } from "./guard/call-guard.ts";
import { createGuarding, type Guarding } from "./guard/guarding.ts";
import type { CallCost, RecordCall } from "./record/record-call.ts";
import type { Admission } from "./request/admission.ts";
import type { CallPrompt } from "./request/caller-facts.ts";
import { readCall } from "./request/read-call.ts";
import { checkAllowed } from "./resolve/allowed-models.ts";
import { type ShapeByVariant, shaperOf } from "./resolve/apply-variant.ts";
import { CHAT, createPromptFiller, type FillPrompt, isPrompted } from "./resolve/fill-prompt.ts";
import type { ModelResolver, Plan, Target } from "./resolve/resolve-model.ts";
import { planCallerOf } from "./resolve/units-of.ts";

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
  readonly resolver: ModelResolver;
  readonly shapeByVariant: ShapeByVariant;
  readonly guards: GuardStage;
  readonly attempts: Attempts;
  readonly recordCall: RecordCall;
  readonly clock: Clock;
};

const UNKNOWN_COST: CallCost = { tokens: 0, costUsd: null };

/**
 * Answers a plain chat request of another part of this program. Throws `AppError`, and a provider's error as `provider_failed`.
 * A missing prompt, wrong inputs of a prompt and an incomplete request are thrown before the call starts, so they leave no span.
 */
export function createCompletion({
  admission,
  fillPrompt,
  resolver,
  shapeByVariant,
  guards,
  attempts,
  recordCall,
  clock,
}: Deps) {
  const fill = createPromptFiller(fillPrompt, CHAT);

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
      clock,
    );
    let call = arrived;
    let plan: Plan | null = null;
    let target: Target | null = null;
    let log: AttemptLog = NO_ATTEMPTS;
    let guarding: Guarding | null = null;
    const record = (result: CallResult) => {
      const guard = guarding?.current()?.attributes();
      const ending = { plan, target, log, result, guard, firstTokenAt: null, isCacheHit: false };
      return recordCall(call, { ...ending, endedAt: clock.elapsed() });
    };
    try {
      plan = await resolver.plan(scope.projectId, plain.model, { ...planCallerOf(call), fallbacks: [] });
      checkAllowed(call, plan);
      target = plan.targets[0];
      guarding = createGuarding({ guards, plan, shape: shaperOf(shapeByVariant, arrived, plan) });
      const checked = await guarding.check(await shapeByVariant(call, plan));
      call = checked.call;
      if (checked.error) throw checked.error;
      const attempted = await attempts.run(call, plan, guarding.shapeFor);
      log = attempted.log;
      if ("error" in attempted.result) throw attempted.result.error;
      const { outcome, release } = attempted.result;
      release();
      ({ target, call, plan } = attempted.result);
      const answer = toResponse(outcome, { model: target.model, now: clock.now() });
      const { stored, shown } = guarding.current()?.response(answer) ?? { stored: answer, shown: answer };
      const cost = (await record(okResult(stored))) ?? UNKNOWN_COST;
      const used = prompt && { name: prompt.name, version: prompt.version };
      return { response: shown, prompt: used, traceId: call.traceId, spanId: call.spanId, cost };
    } catch (error) {
      if (!guarding?.isChecked()) call = await guards.maskUnsent(call);
      if (signal.aborted) {
        record(cancelledResult(null));
        throw new AppError("cancelled", { cause: error });
      }
      const failure = expectedFailure(error);
      const callerError = failure ? (toCallerError(failure, log) ?? providerFailed(failure)) : error;
      const { code, message } =
        callerError instanceof AppError ? callerError : { code: "internal", message: INTERNAL_MESSAGE };
      record(errorResult(code, message, null));
      throw callerError;
    }
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

const providerFailed = (failure: AttemptFailure) =>
  new AppError("provider_failed", { message: failure.message, details: { status: failure.status }, cause: failure });
