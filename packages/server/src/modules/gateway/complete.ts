import type { ChatRequest, PromptUse } from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";
import { newId } from "../../kernel/ids.ts";
import type { Scope } from "../../kernel/scope.ts";
import { toCallerError } from "./answer-failure.ts";
import type { CallerHeaders } from "./any-request.ts";
import { startCall } from "./call.ts";
import type { CallPrompt } from "./caller-facts.ts";
import { toResponse } from "./deliver.ts";
import { type Settled, settledCancelled, settledError, settledWith } from "./delivery.ts";
import type { CallCost } from "./finish-call.ts";
import type { ChatResponse } from "./providers/provider.ts";
import { CHAT, createPutPrompt, type FillPrompt, isPrompted } from "./put-prompt.ts";
import type { Candidate, Plan } from "./resolve-model.ts";
import type { ServeDeps } from "./serve-call.ts";
import { foresee, type TryFailure } from "./try-failure.ts";

/** A chat request; one with a stored prompt may leave to it what it says: the model, the messages and the parameters. */
export type ChatAsk = ChatRequest | (Partial<ChatRequest> & { readonly prompt: PromptUse });

export type Completion = {
  readonly response: ChatResponse;
  /** The version that was filled in, which a label does not tell; null when no stored prompt was asked for. */
  readonly prompt: CallPrompt | null;
  readonly traceId: string;
  readonly spanId: string;
  /** What it used up, as its span says. */
  readonly cost: CallCost;
};

/** Another part of this program that asks: how long it waits, and what the span says beside the request, in headers of callers. */
export type InnerCaller = { readonly signal: AbortSignal; readonly headers: CallerHeaders };

const UNKNOWN_COST: CallCost = { tokens: 0, costUsd: null };

type Deps = Omit<ServeDeps, "cache" | "log"> & { readonly fillPrompt: FillPrompt };

/**
 * Answers a plain chat request for another part of this program. Throws `AppError`, a provider's refusal as `provider_failed`;
 * a prompt that is not there, inputs that are not what it takes and a request that is not whole with it, before there is a call.
 */
export function createCompletion({ resolver, tries, finish, clock, fillPrompt }: Deps) {
  const putPrompt = createPutPrompt(fillPrompt, CHAT);
  /** The request, and the prompt that is in it. */
  const made = async (scope: Scope, ask: ChatAsk): Promise<{ request: ChatRequest; prompt: CallPrompt | null }> =>
    isPrompted(ask) ? putPrompt(scope, ask) : { request: ask, prompt: null };

  return async function complete(scope: Scope, ask: ChatAsk, by: AbortSignal | InnerCaller): Promise<Completion> {
    const { signal, headers } = by instanceof AbortSignal ? { signal: by, headers: {} } : by;
    const { request, prompt } = await made(scope, ask);
    const { stream: _, stream_options: _options, ...plain } = request;
    const caller = { bytes: Buffer.from(JSON.stringify(plain)), headers, signal, requestId: newId("req") };
    const call = startCall({ scope, wire: "chat", request: plain, caller, ...(prompt && { prompt }) }, clock);
    const stop = () => call.stop?.();
    signal.addEventListener("abort", stop, { once: true });
    let plan: Plan | null = null;
    let candidate: Candidate | null = null;
    const end = (settled: Settled) =>
      finish(call, { plan, candidate, settled, firstTokenAt: null, endedAt: clock.elapsed(), isCacheHit: false });
    try {
      plan = await resolver.plan(scope.projectId, plain.model, []);
      candidate = plan.candidates[0];
      const won = await tries.run(call, plan);
      candidate = won.candidate;
      const response = toResponse(won.outcome, { model: candidate.model, now: clock.now() });
      const cost = (await end(settledWith(response))) ?? UNKNOWN_COST;
      return { response, prompt, traceId: call.traceId, spanId: call.spanId, cost };
    } catch (error) {
      if (signal.aborted) {
        end(settledCancelled(null));
        throw new AppError("cancelled", { cause: error });
      }
      const failure = foresee(error);
      const told = failure ? (toCallerError(call, failure) ?? refusal(failure)) : error;
      end(
        told instanceof AppError
          ? settledError(told.code, told.message, null)
          : settledError("internal", "Something broke on our side.", null),
      );
      throw told;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  };
}

const refusal = (failure: TryFailure) =>
  new AppError("provider_failed", { message: failure.message, details: { status: failure.status }, cause: failure });
