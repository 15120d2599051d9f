import type { ScorerSample } from "@treadle/contract";
import { z } from "zod";
import type { Verdict } from "../scoring/kind.ts";
import type { ScorerTools } from "../scoring/scorer-tools.ts";
import { askJudge, type JudgeDetails, toldTo } from "./ask-judge.ts";
import type { JudgeSettings } from "./judge-params.ts";

type PairParams = JudgeSettings & { readonly criteria: string };
export type Pair = { readonly question: string; readonly first: string; readonly second: string };
export type PairVerdict = {
  readonly kind: "compared";
  /** The winner of both orders; a tie when they do not agree. */
  readonly winner: "first" | "second" | "tie";
  /** Whether both orders have the same outcome. */
  readonly isConsistent: boolean;
  /** The verdicts for both orders of the answers. */
  readonly there: "first" | "second" | "tie";
  readonly back: "first" | "second" | "tie";
  readonly reason: string;
  readonly calls: readonly JudgeDetails[];
};

const Shape = z.object({ reason: z.string().default(""), better: z.enum(["A", "B", "tie"]) });
const EXAMPLE = '{"reason": "<why>", "better": "<A, B or tie>"}';

const instructionsOf = (criteria: string) =>
  [
    "You compare two answers of assistants to the same question, A and B.",
    criteria === "" ? "The better one is correct, helpful, complete and clear." : `Judge by this:\n${criteria}`,
    'The order in which they stand means nothing, nor does their length. Say why in "reason", in a few sentences, then say which is better: "A", "B" or "tie".',
  ].join("\n");

export const toldOfPairs = ({ criteria }: Pick<PairParams, "criteria">) => toldTo(instructionsOf(criteria), EXAMPLE);

/**
 * The better of two answers. Both orders are judged, since judges prefer the first answer: only a winner of both wins.
 * An unreadable response is `failed`, not a tie.
 */
export async function comparePair(
  tools: ScorerTools,
  settings: PairParams,
  { pair, model }: { pair: Pair; model: ScorerSample["model"] },
): Promise<PairVerdict | { kind: "failed"; verdict: Verdict }> {
  const ask = (a: string, b: string) =>
    askJudge(tools, {
      settings,
      shape: Shape,
      example: EXAMPLE,
      instructions: instructionsOf(settings.criteria),
      sample: { model, output: `${a}\n${b}` },
      parts: [
        { name: "QUESTION", text: pair.question },
        { name: "ANSWER A", text: a },
        { name: "ANSWER B", text: b },
      ],
    });
  const [there, back] = await Promise.all([ask(pair.first, pair.second), ask(pair.second, pair.first)]);
  if (there.kind === "failed") return there;
  if (back.kind === "failed") return back;
  const forward = { A: "first", B: "second", tie: "tie" } as const;
  const reversed = { A: "second", B: "first", tie: "tie" } as const;
  const votes = { there: forward[there.value.better], back: reversed[back.value.better] };
  const isConsistent = votes.there === votes.back;
  return {
    kind: "compared",
    winner: isConsistent ? votes.there : "tie",
    isConsistent,
    ...votes,
    reason: isConsistent ? there.value.reason : "The judge gave different results for the two orders.",
    calls: [there.details, back.details],
  };
}
