import type { Judged } from "@treadle/contract";
import { z } from "zod";
import { comparePair, toldOfPairs } from "../judging/compare-pair.ts";
import { judgeSettings } from "../judging/judge-params.ts";
import { expectedTexts, questionOf } from "../read-sample.ts";
import { defineKind, SHARE, scored, unscored } from "./kind.ts";

const Params = z.strictObject({
  ...judgeSettings,
  criteria: z.string().trim().max(8_000).default("").describe("Which answer is better, in words."),
});

const VALUES = { first: 1, tie: 0.5, second: 0 } as const;
const LABELS = { first: "win", tie: "tie", second: "loss" } as const;

export const pairwise = defineKind({
  id: "pairwise",
  label: "Better than the expected answer",
  group: "judge",
  summary:
    "A model compares the answer with the expected one in both orders: a win is 1, a loss 0, and what is not the same both times a tie, 0.5. Of many samples it says how often the two orders agree.",
  params: Params,
  output: { ...SHARE, type: "label" },
  needs: ["judge", "expected"],
  prompt: toldOfPairs,
  calls: ({ model }) => [{ model, least: 2, most: 2 }],
  describe: (_params, judged) => positions(judged),
  open: (params) => async (sample, tools) => {
    const expected = expectedTexts(sample);
    if ("reason" in expected) return unscored(expected.reason);
    const pair = { question: questionOf(sample), first: sample.output, second: expected.texts[0] ?? "" };
    const compared = await comparePair(tools, params, { pair, model: sample.model });
    if (compared.kind === "failed") return compared.verdict;
    const { winner, reason, kind: _, ...details } = compared;
    return scored(VALUES[winner], { label: LABELS[winner], reason, details: { ...details.calls[0], ...details } });
  },
});

/** How often both orders agree, and how often what stood first won. */
function positions(judged: readonly Judged[]) {
  const said = judged.flatMap(({ details }) => (details ? [details] : []));
  const consistent = said.filter(({ isConsistent }) => isConsistent === true).length;
  const firstWins = said.flatMap(({ there, back }) => [there === "first", back === "second"]).filter(Boolean).length;
  return {
    positionConsistency: said.length === 0 ? null : consistent / said.length,
    firstPositionWinRate: said.length === 0 ? null : firstWins / (2 * said.length),
  };
}
