import type { Clock } from "../../../kernel/clock.ts";
import type { Log } from "../../../kernel/log.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { createAnswerCall } from "./answer-call.ts";
import { NO_ATTEMPTS } from "./attempt/attempt-log.ts";
import type { Attempts } from "./attempt/run-attempts.ts";
import type { CallCache } from "./cache/cached-call.ts";
import type { SemanticCaches } from "./cache/semantic/semantic-cache.ts";
import { createEndings, type Unanswered } from "./end-call.ts";
import type { FormatId } from "./formats/formats.ts";
import type { GuardStage } from "./guard/call-guard.ts";
import { createGuarding, type Guarding } from "./guard/guarding.ts";
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
  readonly guards: GuardStage;
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

/**
 * The flow of a model call, one stage after the other: request → resolve → guard → cache → attempt → guard → answer → record. Each
 * stage returns a value that the next ones receive.
 */
export function createServe({ admission, fillPrompt, resolver, shapeByVariant, guards, clock, ...deps }: ServeDeps) {
  const { finish, fail } = createEndings({ clock, ...deps });
  const answer = createAnswerCall({ clock, ...deps, finish });

  async function serve(arrived: Call, caller: HttpCaller): Promise<void> {
    let call = arrived;
    let plan: Plan | null = null;
    let guarding: Guarding | null = null;
    let problem: Unanswered | null;
    try {
      plan = await resolver.plan(call.scope.projectId, call.request.model, planCallerOf(call));
      checkAllowed(call, plan);
      const shaped = shapeByVariant(call, plan);
      call = shaped instanceof Promise ? await shaped : shaped;
      guarding = createGuarding({ guards, plan, shape: shaperOf(shapeByVariant, arrived, plan) });
      const checking = guarding.check(call);
      const checked = checking instanceof Promise ? await checking : checking;
      call = checked.call;
      if (checked.error) throw checked.error;
      problem = await answer(call, plan, { caller, arrived, guarding });
    } catch (error) {
      problem = { plan, log: NO_ATTEMPTS, error, guard: guarding?.current() ?? null };
      if (!guarding?.isChecked()) call = await guards.maskUnsent(call);
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
