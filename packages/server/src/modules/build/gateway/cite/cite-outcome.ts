import type { Clock } from "../../../../kernel/clock.ts";
import type { Outcome } from "../attempt/outcome.ts";
import type { Answered } from "../attempt/run-attempts.ts";
import type { ChatResponse } from "../formats/hub/hub.ts";
import { chunksOfStream, wholeOf } from "../guard/guard-outcome.ts";
import type { Grounding } from "../request/grounding.ts";
import type { Call } from "../request/read-call.ts";
import { citeChunks } from "./cite-chunks.ts";
import { citeResponse } from "./cite-response.ts";

type Answer = Pick<Answered, "outcome" | "target">;

/**
 * An answer with its citations verified. Bytes that would pass through unchanged are read through the hub. The outcome itself for a
 * call without a knowledge base. Throws `AttemptFailure` for bytes that cannot be read.
 */
export function citeOutcome(call: Call, { outcome, target }: Answer, clock: Clock): Outcome {
  const { grounding } = call;
  if (grounding === null) return outcome;
  switch (outcome.kind) {
    case "embeddings":
      return outcome;
    case "response":
      return { ...outcome, ...citeForms(outcome.response, outcome.shown, grounding) };
    case "bytes": {
      const response = wholeOf(call, outcome, { model: target.model, now: clock.now() });
      return { kind: "response", headers: outcome.headers, response: citeResponse(response, grounding) };
    }
    case "stream":
      return { kind: "chunks", headers: outcome.headers, chunks: citeChunks(chunksOfStream(outcome), grounding) };
    case "chunks": {
      const { chunks, stored, ...rest } = outcome;
      const cited = { ...rest, chunks: citeChunks(chunks, grounding) };
      return stored ? { ...cited, stored: () => withoutQuotes(citeResponse(stored(), grounding)) } : cited;
    }
  }
}

/** Both forms of a whole answer with their citations. */
export function citeForms(response: ChatResponse, shown: ChatResponse | undefined, grounding: Grounding) {
  const cited = citeResponse(response, grounding);
  const isSame = shown === undefined || shown === response;
  return isSame
    ? { response: cited, shown: cited }
    : { response: withoutQuotes(cited), shown: citeResponse(shown, grounding) };
}

/** The form that is stored where guards replaced values: quotes of passages have the values. */
const withoutQuotes = ({ knowledge: _, ...response }: ChatResponse): ChatResponse => ({
  ...response,
  choices: response.choices.map(({ message: { annotations: _annotations, ...message }, ...choice }) => ({
    ...choice,
    message,
  })),
});
