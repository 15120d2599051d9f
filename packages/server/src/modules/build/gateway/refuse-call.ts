import type { Clock } from "../../../kernel/clock.ts";
import { AppError } from "../../../kernel/errors.ts";
import { sendAnswer } from "./answer/send-answer.ts";
import { AttemptFailure } from "./attempt/attempt-failure.ts";
import type { createEndings, Origin, Unanswered } from "./end-call.ts";
import { refusedResponse } from "./guard/refusal.ts";
import type { Call } from "./request/read-call.ts";

type Deps = { readonly finish: ReturnType<typeof createEndings>["finish"]; readonly clock: Clock };

/** Answers a call that its guards blocked with the text of its policy. False if there is none, or for another problem. */
export function createRefuseCall({ finish, clock }: Deps) {
  return async (call: Call, problem: Unanswered, { caller, arrived }: Origin): Promise<boolean> => {
    const { plan, log, guard } = problem;
    const text = await refusalOf(call, problem);
    if (text === null || plan === null) return false;
    const outcome = { kind: "response", response: refusedResponse(call, text) } as const;
    const target = { name: call.request.model, model: call.request.model };
    const variant = plan.assignment?.variant.name;
    const delivery = await sendAnswer(call, { outcome, target }, { sink: caller.sink, clock, log, variant });
    const ending = { arrived, plan, target: null, log, guard, isCacheHit: false, slot: null, lookup: null };
    finish(call, delivery, ending);
    return true;
  };
}

/** The text for a call that its guards blocked; null if its policy has none. An embedding has no place for a text. */
export async function refusalOf(
  call: Call,
  { error, guard }: Pick<Unanswered, "error" | "guard">,
): Promise<string | null> {
  if (!guard?.refusal || call.format === "embeddings" || !isFiltered(error)) return null;
  return guard.refusal();
}

const isFiltered = (error: unknown): boolean =>
  error instanceof AttemptFailure
    ? isFiltered(error.cause)
    : error instanceof AppError && error.code === "content_filter";
