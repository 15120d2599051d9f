import type { RedTeamStrategy } from "@treadle/contract";
import type { Random } from "@treadle/metrics";

export type Turn = { readonly role: "user" | "assistant"; readonly content: string };

/** A request in English and in another language. */
export type Wording = { readonly text: string; readonly translated: string };

/** A request in disguise: the turns before it, and its text. */
export type Disguised = { readonly before: readonly Turn[]; readonly text: string };

/** A way to disguise a request. What it says comes from the request alone, so that every request can have any disguise. */
export type Strategy = {
  readonly id: RedTeamStrategy;
  readonly label: string;
  readonly summary: string;
  disguise(wording: Wording, random: Pick<Random, "below">): Disguised;
};

export const alone = (text: string): Disguised => ({ before: [], text });

/** One of a list that is not empty. */
export function pickOne<Value>(values: readonly [Value, ...Value[]], random: Pick<Random, "below">): Value {
  return values[random.below(values.length)] ?? values[0];
}
