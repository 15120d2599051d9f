import type { PreferenceLeaderboard, RankedVariant } from "@treadle/contract";
import { type Match, mcnemarExact, type Ranking, wilsonInterval } from "@treadle/metrics";
import type { Evals } from "../../experiments/index.ts";
import { promptKey } from "../evidence/evidence.ts";
import { countCircles } from "./find-conflicts.ts";
import { measureStyles, STYLE_NAMES } from "./measure-style.ts";
import { HUMAN } from "./pair-answers.ts";
import type { QueuePair } from "./pairs-of-queue.ts";

type Board = PreferenceLeaderboard["raw"];
/** The significance level of a side's win rate. */
const BIASED_BELOW = 0.01;

/** Win rates of variants in three forms, and the covariates of the votes. Corrections by people do not play. */
export async function rankVariants(pairs: readonly QueuePair[], ask: Evals["ask"]): Promise<PreferenceLeaderboard> {
  const played = pairs.filter(isMatch);
  const matches = played.flatMap(matchesOf);
  const boardOf = async (controlLength: boolean, controlStyles: readonly string[]): Promise<Board> => {
    if (matches.length === 0) return NOTHING;
    return present(await ask("matches", { matches, controlLength, controlStyles }), matches);
  };
  return {
    matches: matches.length,
    prompts: new Set(played.map(promptKey)).size,
    raw: await boardOf(false, []),
    lengthControlled: await boardOf(true, []),
    styleControlled: await boardOf(true, STYLE_NAMES),
    sides: judgeSides(pairs),
    circles: countCircles(pairs),
  };
}

const NOTHING: Board = {
  variants: [],
  effects: [],
  reason: "There are no comparisons of answers from two variants yet. Collect pairs from a queue that compares runs.",
};

const isMatch = ({ kind, chosenVariant: one, rejectedVariant: other }: QueuePair) =>
  kind !== "correction" && one !== "" && other !== "" && one !== other && one !== HUMAN && other !== HUMAN;

/** One match for each vote. */
function matchesOf({ chosen, rejected, votes, ...pair }: QueuePair): Match[] {
  const [a, b] = [pair.chosenVariant, pair.rejectedVariant];
  const styles = measureStyles(chosen, rejected);
  const times = (outcome: number, count: number) => Array.from({ length: count }, () => ({ a, b, outcome, ...styles }));
  return [...times(1, votes.chosen), ...times(0, votes.rejected), ...times(0.5, votes.tie)];
}

function present({ ratings, effects }: Ranking, matches: readonly Match[]): Board {
  const isOpen = ratings.every(({ rating }) => rating === null);
  const variants = ratings.map(({ name, rating, interval, matches: played }): RankedVariant => {
    const low = interval?.[1] ?? null;
    const above =
      low === null ? null : ratings.filter((other) => (other.interval?.[0] ?? Number.NEGATIVE_INFINITY) > low);
    return {
      variant: name,
      rank: above && 1 + above.length,
      rating,
      matches: played,
      winRate: winRateOf(name, matches),
      interval: toInterval(interval),
    };
  });
  const reason = isOpen
    ? "The comparisons do not determine ratings: a variant won or lost all of its comparisons, or two groups of variants were never compared. Collect more comparisons across all variants."
    : "";
  return {
    variants,
    effects: effects.map((effect) => ({ ...effect, interval: toInterval(effect.interval) })),
    reason,
  };
}

const toInterval = (interval: readonly [low: number, high: number] | null) =>
  interval && { low: interval[0], high: interval[1], level: 0.95 };

function winRateOf(name: string, matches: readonly Match[]): number | null {
  const own = matches.filter(({ a, b }) => a === name || b === name);
  const won = own.reduce((sum, { a, outcome }) => sum + (a === name ? outcome : 1 - outcome), 0);
  return own.length === 0 ? null : won / own.length;
}

/** Whether the answer on the left wins more often than the one on the right, which is drawn for each person. */
function judgeSides(pairs: readonly QueuePair[]): PreferenceLeaderboard["sides"] {
  const left = pairs.reduce((sum, { leftWins }) => sum + leftWins, 0);
  const right = pairs.reduce((sum, { rightWins }) => sum + rightWins, 0);
  const n = left + right;
  const interval = wilsonInterval({ successes: left, n });
  const pValue = n === 0 ? null : mcnemarExact({ baseOnly: left, headOnly: right });
  return {
    left,
    right,
    leftShare: n === 0 ? null : left / n,
    pValue,
    interval: toInterval(interval),
    isBiased: pValue !== null && pValue < BIASED_BELOW,
  };
}
