import { type CorpusMetric, joinSignature, needReferences, SACREBLEU } from "./corpus-metric.ts";
import { createVocabulary } from "./ngrams.ts";
import { countTercomEdits } from "./tercom-edits.ts";
import { type TercomOptions, tokenizeTercom } from "./tokenizers/tercom.ts";
import { trimEnd } from "./white-space.ts";

export type TerScore = {
  /** 100 × edits / the references' length: 0 is the best, and there is no worst. */
  readonly score: number;
  readonly edits: number;
  readonly referenceLength: number;
};

/**
 * The translation edit rate (Snover et al., 2006) as sacrebleu 2.6.0 computes it, which follows tercom. An item's statistics are the fewest
 * edits to any reference and the mean length of the references.
 */
export function createTer(options: TercomOptions = {}): CorpusMetric<TerScore> {
  const wordsOf = (text: string) => tokenizeTercom(trimEnd(text), options);
  return {
    name: "TER",
    signature: (references) =>
      joinSignature([
        ["nrefs", references],
        ["case", options.caseSensitive ? "mixed" : "lc"],
        ["tok", "tercom"],
        ["norm", options.normalized ?? false],
        ["punct", !options.noPunctuation],
        ["asian", options.asianSupport ?? false],
        ["version", SACREBLEU],
      ]),
    itemStats(hypothesis, references) {
      needReferences("TER", references);
      const vocabulary = createVocabulary<string>();
      const words = vocabulary.add(wordsOf(hypothesis));
      let [fewest, lengths] = [Number.POSITIVE_INFINITY, 0];
      for (const reference of references) {
        const target = vocabulary.add(wordsOf(reference));
        fewest = Math.min(fewest, countTercomEdits(words, target));
        lengths += target.length;
      }
      return [fewest, lengths / references.length];
    },
    fromStats(sum) {
      const [edits = 0, referenceLength = 0] = Array.from(sum);
      const rate = referenceLength > 0 ? edits / referenceLength : edits > 0 ? 1 : 0;
      return { score: 100 * rate, edits, referenceLength };
    },
  };
}
