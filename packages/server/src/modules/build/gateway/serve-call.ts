import type { Clock } from "../../../kernel/clock.ts";
import type { Log } from "../../../kernel/log.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { sendAnswer } from "./answer/send-answer.ts";
import { NO_ATTEMPTS } from "./attempt/attempt-log.ts";
import type { Attempts, ShapeFor } from "./attempt/run-attempts.ts";
import type { CallCache } from "./cache/cached-call.ts";
import { toCacheMatch } from "./cache/semantic/look-up.ts";
import type { SemanticCaches } from "./cache/semantic/semantic-cache.ts";
import { createEndings, type Origin, type Unanswered } from "./end-call.ts";
import { createFindStored, type Hit } from "./find-stored.ts";
import type { FormatId } from "./formats/formats.ts";
import type { RecordCall } from "./record/record-call.ts";
import type { Admission } from "./request/admission.ts";
import type { Mirrors } from "./request/mirrors.ts";
import { type Call, type HttpCaller, readCall } from "./request/read-call.ts";
import { checkAllowed } from "./resolve/allowed-models.ts";
import { type ShapeByVariant, shaperOf } from "./resolve/apply-variant.ts";
import { type AnyBody, type FillPrompt, isComplete, promptFillerOf } from "./resolve/fill-prompt.ts";
import type { ModelResolver, Plan } from "./resolve/resolve-model.ts";
import { planCallerOf } from "./resolve/units-of.ts";

export type ServeDeps = {
  readonly admission: Admission;
  readonly fillPrompt: FillPrompt;
  readonly resolver: ModelResolver;
  readonly shapeByVariant: ShapeByVariant;
  readonly attempts: Attempts;
  readonly cache: CallCache;
  readonly semanticCache: Pick<SemanticCaches, "lookUp" | "noteHit" | "noteAnswer">;
  readonly recordCall: RecordCall;
  readonly mirrors: Mirrors;
  readonly clock: Clock;
  readonly log: Log;
};
/** A request as a route receives it. */
export type GatewayRequest = HttpCaller & { readonly scope: Scope; readonly body: AnyBody };

type Serving = Origin & { readonly shapeFor: ShapeFor };
type Storing = Origin & { readonly hit: Hit };

/**
 * The flow of a model call, one stage after the other: request → resolve → cache → attempt → answer → record. Each stage returns
 * a value that the next ones receive.
 */
export function createServe({
  admission,
  fillPrompt,
  resolver,
  shapeByVariant,
  attempts,
  cache,
  clock,
  ...deps
}: ServeDeps) {
  const { finish, fail } = createEndings({ cache, clock, ...deps });
  const findStored = createFindStored({ cache, ...deps });

  async function sendStored(call: Call, plan: Plan, { hit, caller: { sink }, arrived }: Storing): Promise<null> {
    const { answer: stored, match: cacheMatch } = hit;
    const delivery = await cache.send(call, stored, {
      sink,
      variant: plan.assignment?.variant.name,
      match: cacheMatch,
    });
    const served = { arrived, plan, target: plan.targets[0], log: NO_ATTEMPTS, isCacheHit: true, cacheMatch };
    finish(call, delivery, { ...served, slot: null, lookup: null });
    return null;
  }

  async function answer(call: Call, plan: Plan, { caller, arrived, shapeFor }: Serving): Promise<Unanswered | null> {
    const finding = findStored(call, plan);
    const { slot, lookup, hit } = finding instanceof Promise ? await finding : finding;
    if (hit) return sendStored(call, plan, { hit, caller, arrived });
    const { result, log: attemptLog } = await attempts.run(call, plan, shapeFor);
    if ("error" in result) return { plan, log: attemptLog, error: result.error };
    const { call: answered, plan: answering, target, release } = result;
    try {
      const variant = answering.assignment?.variant.name;
      const missed = slot || lookup ? ("miss" as const) : undefined;
      const receiver = { sink: caller.sink, clock, log: attemptLog, cache: missed, variant };
      const sending = sendAnswer(answered, result, receiver);
      const delivery = sending instanceof Promise ? await sending : sending;
      const cacheMatch = lookup?.found ? toCacheMatch(lookup.found) : undefined;
      const ending = { arrived, plan: answering, target, log: attemptLog, isCacheHit: false, cacheMatch };
      // Another variant's answer does not belong to the cache entries of the first one.
      const places = answering === plan ? { slot, lookup } : { slot: null, lookup: null };
      finish(answered, delivery, { ...ending, ...places });
      return null;
    } catch (error) {
      return { plan: answering, log: attemptLog, error };
    } finally {
      release();
    }
  }

  async function serve(arrived: Call, caller: HttpCaller): Promise<void> {
    let call = arrived;
    let plan: Plan | null = null;
    let problem: Unanswered | null;
    try {
      plan = await resolver.plan(call.scope.projectId, call.request.model, planCallerOf(call));
      checkAllowed(call, plan);
      const shaped = shapeByVariant(call, plan);
      call = shaped instanceof Promise ? await shaped : shaped;
      problem = await answer(call, plan, { caller, arrived, shapeFor: shaperOf(shapeByVariant, arrived, plan) });
    } catch (error) {
      problem = { plan, log: NO_ATTEMPTS, error };
    }
    if (problem) fail(call, problem, { caller, arrived });
  }

  /** The handler of a format's route. */
  return (format: FormatId) => {
    const fill = promptFillerOf(format, fillPrompt);

    async function fillRequest({ scope, body, ...caller }: GatewayRequest): Promise<Call> {
      const { request, prompt } = await fill(scope, body);
      const bytes = Buffer.from(JSON.stringify(request));
      return readCall({ scope, format, request, caller: { ...caller, bytes }, prompt }, clock);
    }

    return async (input: GatewayRequest): Promise<void> => {
      admission.enter();
      try {
        const { scope, body: request } = input;
        const call = isComplete(format, request)
          ? readCall({ scope, format, request, caller: input }, clock)
          : await fillRequest(input);
        await serve(call, input);
      } finally {
        admission.leave();
      }
    };
  };
}
