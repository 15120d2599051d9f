import type { Judged } from "@treadle/contract";
import { z } from "zod";
import { comparePair, toldOfPairs } from "../../judging/compare-pair.ts";
import { judgeSettings } from "../../judging/judge-params.ts";
import { defineKind, SHARE, scored, unscored } from "../../scoring/kind.ts";
import { expectedTexts, questionOf } from "../../scoring/read-sample.ts";

const Params = z.strictObject({
  ...judgeSettings,
  criteria: z.string().trim().max(8_000).default("").describe("What makes an answer better."),
});

const VALUES = { first: 1, tie: 0.5, second: 0 } as const;
const LABELS = { first: "win", tie: "tie", second: "loss" } as const;

export const pairwise = defineKind({
  id: "pairwise",
  label: "Better than the expected answer",
  group: "judge",
  summary:
    "A model compares the answer with the expected answer in both orders. A win is 1, a loss is 0, and different results for the two orders are a tie, 0.5. For a whole run, it reports how often the two orders agree.",
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
  const verdicts = judged.flatMap(({ details }) => (details ? [details] : []));
  const consistent = verdicts.filter(({ isConsistent }) => isConsistent === true).length;
  const firstWins = verdicts
    .flatMap(({ there, back }) => [there === "first", back === "second"])
    .filter(Boolean).length;
  return {
    positionConsistency: verdicts.length === 0 ? null : consistent / verdicts.length,
    firstPositionWinRate: verdicts.length === 0 ? null : firstWins / (2 * verdicts.length),
  };
}
