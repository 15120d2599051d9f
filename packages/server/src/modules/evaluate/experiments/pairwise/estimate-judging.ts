import type { PairwiseEstimate, PairwiseInput } from "@treadle/contract";
import { countOf } from "../../../../kernel/count-of.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { estimateJudge } from "../start/estimate-judges.ts";
import { judgeWarnings } from "../start/estimate-sum.ts";
import { hashOf } from "./judge-pair.ts";
import { drawShared, type JudgingDeps, openJudging } from "./open-judging.ts";
import { type AnswerPair, readPairs } from "./read-pairs.ts";
import { createVerdictStore } from "./verdict-store.ts";

/** So many items are read to know how long answers are, and how many need no judge. */
const SAMPLE = 64;

/** The estimate of a pairwise comparison, from a sample of the answers. No model is called. */
export async function estimateJudging(
  deps: JudgingDeps,
  scope: Scope,
  input: PairwiseInput,
): Promise<PairwiseEstimate> {
  const { runs, pairs, scorer, warnings } = await openJudging(deps, scope, input);
  const { itemIds, leftOut } = await drawShared(deps, input);
  const rows = runs.map(({ row }) => row);
  const sample = await readPairs(deps.db, { runs: rows, pairs }, itemIds.slice(0, SAMPLE));
  const asked: AnswerPair[] = [];
  for (const pair of sample)
    if (!(await isFree(deps, scope, { pair, input, hash: hashOf(scorer, pair) }))) asked.push(pair);
  const comparisons = itemIds.length * pairs.length;
  const share = sample.length === 0 ? 1 : asked.length / sample.length;
  const toAsk = Math.round(comparisons * share);
  const characters = asked.reduce((sum, pair) => sum + lengthOf(pair), 0) / Math.max(1, asked.length);
  const lines = await estimateJudge(deps, scope, { scorer, samples: toAsk, characters, models: [] });
  const add = (pick: (line: (typeof lines)[number]) => number) => lines.reduce((sum, line) => sum + pick(line), 0);
  const usd = toAsk === 0 ? 0 : lines.every((line) => line.usd !== null) ? add((line) => line.usd ?? 0) : null;
  const [inputTokens, outputTokens] = [add((line) => line.inputTokens), add((line) => line.outputTokens)];
  const isWithinTokens = inputTokens + outputTokens <= input.budget.tokens;
  const isWithinUsd = input.budget.usd === null ? true : usd === null ? null : usd <= input.budget.usd;
  return {
    items: itemIds.length,
    leftOut,
    pairs: pairs.length,
    comparisons,
    free: comparisons - toAsk,
    judgeCalls: add((line) => line.calls),
    inputTokens,
    outputTokens,
    usd,
    isWithinBudget: isWithinTokens ? isWithinUsd : false,
    basis: `Based on the length of the answers to ${Math.min(SAMPLE, itemIds.length)} items. The judge sees each pair in both orders.`,
    warnings: [
      ...warnings,
      ...judgeWarnings(lines),
      ...(leftOut > 0
        ? [
            `${countOf(leftOut, "item is", "items are")} left out, because not every run has an answer to ${leftOut === 1 ? "it" : "them"}.`,
          ]
        : []),
      ...(isWithinTokens ? [] : ["The comparison would exceed the token budget and stop before its end."]),
      ...(isWithinUsd === false ? ["The comparison would exceed the cost budget and stop before its end."] : []),
    ],
  };
}

type Asked = { readonly pair: AnswerPair; readonly input: PairwiseInput; readonly hash: string };

/** Whether a pair costs nothing: it needs no call, or the call was already made. */
async function isFree({ db }: JudgingDeps, { projectId }: Scope, { pair, input, hash }: Asked): Promise<boolean> {
  if (pair.isOtherItem || pair.baseText === pair.headText) return true;
  return input.cache && (await createVerdictStore(db).findKept(projectId, hash)) !== undefined;
}

const lengthOf = ({ item, baseText, headText }: AnswerPair) =>
  JSON.stringify(item.inputs).length + baseText.length + headText.length;
