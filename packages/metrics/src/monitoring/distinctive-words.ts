import { normalCdf } from "../distributions/normal.ts";
import { benjaminiHochberg } from "../statistics/significance/multiple.ts";

/** How many texts of each side have a word, out of all counted pairs of a text and a word. */
export type WordCounts = ReadonlyMap<string, number>;

/** A word, and how much more frequent it is in the current texts. Negative for one that became rarer. */
export type DistinctiveWord = {
  readonly word: string;
  /** The difference of the logarithms of the odds. */
  readonly difference: number;
  /** The difference in standard errors. */
  readonly z: number;
  /** Two-sided, after Benjamini and Hochberg over all words. */
  readonly pValue: number;
};

type Options = {
  /** The weight of the prior, in counted words. The prior has the words' shares on both sides together. */
  readonly priorWeight?: number;
};

const PRIOR_WEIGHT = 500;

/**
 * The words that differ most between two sets of texts, the highest z first: the log-odds ratio with an informative Dirichlet
 * prior (Monroe, Colaresi and Quinn 2008, "Fightin' Words", equations 16 to 22). Rare words need a larger difference, and
 * frequent ones a significant one. Count each text once for a word, so that a long text does not decide.
 */
export function distinctiveWords(
  current: WordCounts,
  reference: WordCounts,
  { priorWeight = PRIOR_WEIGHT }: Options = {},
): readonly DistinctiveWord[] {
  if (!(priorWeight > 0)) throw new RangeError(`priorWeight is ${priorWeight}: give a number above 0.`);
  const [ofCurrent, ofReference] = [totalOf(current), totalOf(reference)];
  if (ofCurrent === 0 || ofReference === 0) return [];
  const words = [...new Set([...current.keys(), ...reference.keys()])];
  const found = words.map((word) => {
    const [here, there] = [current.get(word) ?? 0, reference.get(word) ?? 0];
    const prior = (priorWeight * (here + there)) / (ofCurrent + ofReference);
    const odds = (count: number, total: number) => Math.log((count + prior) / (total + priorWeight - count - prior));
    const difference = odds(here, ofCurrent) - odds(there, ofReference);
    return { word, difference, z: difference / Math.sqrt(1 / (here + prior) + 1 / (there + prior)) };
  });
  const pValues = benjaminiHochberg(found.map(({ z }) => 2 * normalCdf(-Math.abs(z))));
  return found.map((one, place) => ({ ...one, pValue: pValues[place] ?? 1 })).sort((one, two) => two.z - one.z);
}

function totalOf(counts: WordCounts): number {
  let total = 0;
  for (const [word, count] of counts) {
    if (!Number.isInteger(count) || count < 0)
      throw new RangeError(`The count of ${JSON.stringify(word)} is ${count}: give a whole number, 0 or more.`);
    total += count;
  }
  return total;
}
