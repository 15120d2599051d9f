import type { RequestFor } from "../client.ts";
import { findScorers, ProviderErrors, type ScorerChoice, scoreName, toTaskAnswer } from "../evaluate/index.ts";
import { connection } from "./connection.ts";

type Sample = RequestFor<"POST /api/v1/scorers/try">["body"]["sample"];
export type ToScoreOptions = Omit<Sample, "output"> & {
  /** The least that passes. 1 when neither limit is given: yes, or a whole share. */
  readonly atLeast?: number;
  /** The most that passes, for what is better when it is less. */
  readonly atMost?: number;
};
type Found = { readonly pass: boolean; readonly message: () => string };

declare module "vitest" {
  interface Matchers<T> {
    /** Scores the received answer (a text, or an object with `output`) by a kind or a stored scorer, and awaits a score within limits. */
    toScore(scorer: ScorerChoice, options?: ToScoreOptions): Promise<T>;
  }
}

const MOST_TEXT = 500;

/**
 * Scores an answer on the server and holds the score against limits. Throws `ProviderErrors` where the scorer failed, and an
 * error where there can be no score, also after `not`: neither says anything about the answer.
 */
export async function toScore(received: unknown, scorer: ScorerChoice, options: ToScoreOptions = {}): Promise<Found> {
  const { atLeast = options.atMost === undefined ? 1 : undefined, atMost, ...about } = options;
  const client = connection();
  const [ref] = await findScorers(client, [scorer]);
  if (!ref) throw new Error("toScore wants a scorer.");
  const { output, documents, toolCalls } = toTaskAnswer(received);
  const sample = {
    output,
    ...(documents && { documents: [...documents] }),
    ...(toolCalls && { toolCalls: [...toolCalls] }),
    ...about,
  };
  const judged = await client.call("POST /api/v1/scorers/try", { body: { ref, sample } });
  const name = scoreName(ref);
  if (judged.state === "failed") throw new ProviderErrors(`${name} could not score the answer: ${judged.reason}`);
  if (judged.state === "undefined" || judged.value === null)
    throw new Error(`${name} has no score for this answer: ${judged.reason}`);
  const { value, reason } = judged;
  const pass = (atLeast === undefined || value >= atLeast) && (atMost === undefined || value <= atMost);
  const wanted = [
    ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
    ...(atMost === undefined ? [] : [`at most ${atMost}`]),
  ].join(" and ");
  return {
    pass,
    message: () =>
      [
        `${name} is ${Number(value.toPrecision(4))}, but must ${pass ? "not " : ""}be ${wanted}.`,
        ...(reason === "" ? [] : [`because   ${reason}`]),
        `answer    ${output.slice(0, MOST_TEXT)}`,
        ...(about.expected === undefined ? [] : [`expected  ${JSON.stringify(about.expected)?.slice(0, MOST_TEXT)}`]),
      ].join("\n"),
  };
}
