import type { Clock } from "../../../../kernel/clock.ts";
import type { Outcome } from "../attempt/outcome.ts";
import type { Answered } from "../attempt/run-attempts.ts";
import { usageOf } from "../formats/hub/chunks.ts";
import type { ChatChunk, ChatResponse, ChatUsage } from "../formats/hub/hub.ts";
import type { Call } from "../request/read-call.ts";
import { guardChunks } from "./guard-chunks.ts";
import { type GuardedResponse, guardResponse, type Means } from "./guard-message.ts";
import { guardOutcome, readOutcome } from "./guard-outcome.ts";
import type { Adding } from "./guard-record.ts";
import { heldChunks } from "./held-chunks.ts";
import { type AskAgain, createReask } from "./reask.ts";

export type CountTokens = (request: { readonly messages: readonly unknown[] }) => Promise<number>;
type Deps = {
  readonly countTokens: CountTokens;
  readonly clock: Clock;
  readonly hasMasks: () => boolean;
  /** For the verdict on an answer that is asked for again. */
  readonly first: Adding;
};
type Answer = Pick<Answered, "outcome" | "target">;

/** The guards of an answer. */
export function createAnswerGuard(means: Means, { countTokens, clock, hasMasks, first }: Deps) {
  const rules = readsOf(means);
  const estimateUsage = (call: Call, sent: ChatResponse) => estimate(call, sent, countTokens);
  const reask = createReask({ means, first, estimate: estimateUsage });
  const response = (answer: ChatResponse) => guardResponse(answer, means);
  const judge = (call: Call, answer: ChatResponse, again: AskAgain): Promise<GuardedResponse> =>
    rules.canReask ? reask.judge(call, answer, again) : response(answer);

  /** A stream that is held as a whole can still be asked for again. */
  const chunksOf = (again: AskAgain) => (call: Call, source: AsyncIterable<ChatChunk>) =>
    rules.canReask && rules.isHeld
      ? heldChunks(source, { whole: (answer) => judge(call, answer, again), part: response })
      : guardChunks(source, { ...means, estimate: (sent) => estimateUsage(call, sent) });

  return {
    /** A whole answer that is not asked for again. */
    response,
    reask: reask.current,
    /** Any answer of a target, as a whole. */
    whole: async (call: Call, answered: Answer, again: AskAgain): Promise<GuardedResponse> =>
      judge(call, await readOutcome(call, answered, clock), again),
    outcome: (call: Call, answered: Answer, again: AskAgain): Outcome | Promise<Outcome> =>
      rules.readsAnswers || hasMasks()
        ? guardOutcome(call, answered, {
            guard: { response: (answer) => judge(call, answer, again), chunks: chunksOf(again) },
            clock,
          })
        : answered.outcome,
  };
}

/** What the rules of a policy do with answers. */
function readsOf({ judging: { policy, detectors, late } }: Means) {
  const reading = policy.rules.filter(({ scopes }) => scopes.includes("output") || scopes.includes("tool-arguments"));
  return {
    readsAnswers: reading.length > 0,
    canReask: reading.some(({ action }) => action === "reask"),
    isHeld: reading.some(
      ({ detector, scopes }) =>
        scopes.includes("output") && (late?.has(detector) || detectors.get(detector)?.need === "whole"),
    ),
  };
}

/** The tokens of an answer that was ended before the provider could report them. */
async function estimate(call: Call, sent: ChatResponse, countTokens: CountTokens): Promise<ChatUsage> {
  const outputs = sent.choices.map(({ message }) => ({ content: JSON.stringify(message.content ?? "") }));
  const [input, output] = [await countTokens(call.toChat()), await countTokens({ messages: outputs })];
  return usageOf({ input, output });
}
