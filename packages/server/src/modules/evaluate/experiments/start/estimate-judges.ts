import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { BoundScorer, EvalDeps } from "../run/deps.ts";
import { createJudgeUsageStore } from "../stores/judge-usage-store.ts";

/** One scorer's usage of one model. */
export type JudgeLine = {
  readonly scorer: string;
  readonly model: string;
  /** At most; some kinds ask less often, which only shows when they ask. */
  readonly calls: number;
  readonly leastCalls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Null if neither a price table nor an earlier score provides it. */
  readonly usd: number | null;
  /** Why the model cannot be asked at all; null when it can. */
  readonly problem: string | null;
};
type Asked = {
  readonly scorer: Pick<BoundScorer, "key" | "signature" | "asks">;
  /** How many answers are scored. */
  readonly samples: number;
  /** The length of the judge's material per answer. */
  readonly characters: number;
  /**
   * The answering models, for a scorer that calls them again; each with the same number of answers. Empty if unknown.
   */
  readonly models: readonly string[];
};
type Deps = Pick<EvalDeps, "db" | "priceOf">;

/** As a rule of thumb, in English. */
const CHARACTERS_PER_TOKEN = 4;
/** The length of a judge's response: a reason of a few sentences and a verdict as JSON. */
const OUTPUT_TOKENS = 200;
/** Around the material: its boundary lines, the mark to be repeated, and the words of the chat's template. */
const FRAME_CHARACTERS = 400;
/** Fewer earlier scores than this say little of what the next one costs. */
const LEAST_SCORES = 20;

/**
 * The model usage of a scorer: calls × tokens × price. Empty for a scorer without model calls. If a scorer with the
 * same signature has scored before, the cost is the average cost of its scores.
 */
export async function estimateJudge({ db, priceOf }: Deps, { projectId }: Scope, asked: Asked): Promise<JudgeLine[]> {
  const { scorer, samples, characters, models } = asked;
  const { calls, toldCharacters, mostOutputTokens } = scorer.asks;
  if (calls.length === 0 || samples === 0) return [];
  const past = await createJudgeUsageStore(db).costOf(projectId, scorer);
  const known = past && past.scores >= LEAST_SCORES ? past.usd * samples : null;
  const lines: JudgeLine[] = [];
  for (const { model, least, most } of calls)
    for (const name of model === null ? models : [model]) {
      const share = model === null ? samples / models.length : samples;
      const count = Math.round(share * most);
      const inputTokens = Math.round((count * (toldCharacters + FRAME_CHARACTERS + characters)) / CHARACTERS_PER_TOKEN);
      const outputTokens = Math.round(count * Math.min(OUTPUT_TOKENS, mostOutputTokens));
      const { listed, problem } = await priceFor(priceOf, projectId, { model: name, inputTokens, outputTokens });
      const usd = known === null ? listed : known / (calls.length * (model === null ? models.length : 1));
      const leastCalls = Math.round(share * least);
      lines.push({
        scorer: scorer.key,
        model: name,
        calls: count,
        leastCalls,
        inputTokens,
        outputTokens,
        usd,
        problem,
      });
    }
  return lines;
}

type Tokens = Parameters<EvalDeps["priceOf"]>[1];

async function priceFor(priceOf: EvalDeps["priceOf"], projectId: string, tokens: Tokens) {
  try {
    return { listed: await priceOf(projectId, tokens), problem: null };
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    return { listed: null, problem: error.message };
  }
}
