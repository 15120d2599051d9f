import type { Clock } from "../../../kernel/clock.ts";
import type { Log } from "../../../kernel/log.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { createAnswerCall } from "./answer-call.ts";
import { NO_ATTEMPTS } from "./attempt/attempt-log.ts";
import type { Attempts } from "./attempt/run-attempts.ts";
import type { CallCache } from "./cache/cached-call.ts";
import type { SemanticCaches } from "./cache/semantic/semantic-cache.ts";
import { createEndings, type Origin, type Unanswered } from "./end-call.ts";
import type { FormatId } from "./formats/formats.ts";
import { isReady, type PrepareCall, type Prepared } from "./prepare-call.ts";
import type { RecordCall } from "./record/record-call.ts";
import { createRefuseCall } from "./refuse-call.ts";
import type { Admission } from "./request/admission.ts";
import type { Mirrors } from "./request/mirrors.ts";
import { type Call, type HttpCaller, readCall } from "./request/read-call.ts";
import { type AnyBody, type FillPrompt, isComplete, promptFillerOf } from "./resolve/fill-prompt.ts";

export type ServeDeps = {
  readonly admission: Admission;
  readonly fillPrompt: FillPrompt;
  readonly prepare: PrepareCall;
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
export function createServe({ admission, fillPrompt, prepare, clock, ...deps }: ServeDeps) {
  const { finish, fail } = createEndings({ clock, ...deps });
  const answer = createAnswerCall({ clock, ...deps, finish });
  const refuse = createRefuseCall({ finish, clock });

  async function serve(arrived: Call, caller: HttpCaller): Promise<void> {
    const prepared = await prepare(arrived);
    const problem = await answerPrepared(prepared, { caller, arrived });
    if (problem && !(await refuse(prepared.call, problem, { caller, arrived })))
      fail(prepared.call, problem, { caller, arrived });
  }

  async function answerPrepared(prepared: Prepared, origin: Origin): Promise<Unanswered | null> {
    const { call, plan, guarding } = prepared;
    const problemOf = (error: unknown) => ({ plan, log: NO_ATTEMPTS, error, guard: guarding?.current() ?? null });
    if (!isReady(prepared)) return problemOf(prepared.error);
    try {
      return await answer(call, prepared.plan, { ...origin, guarding: prepared.guarding });
    } catch (error) {
      return problemOf(error);
    }
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
