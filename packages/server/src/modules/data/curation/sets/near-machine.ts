import { chooseApart } from "./choose-kept.ts";
import { createGroups } from "./groups.ts";
import type { BandParams } from "./minhash.ts";
import { createNearLayer } from "./near-layer.ts";
import { bareWords, type ShingleParams } from "./shingles.ts";

/** How texts of some lengths are cut and compared. */
export type NearLayer = ShingleParams &
  Omit<BandParams, "seed"> & {
    /** The Jaccard similarity from which two texts are near-duplicates. */
    readonly threshold: number;
    /** The lengths in words of the texts that it compares, both included. Layers overlap so that no pair at a border is missed. */
    readonly fromWords: number;
    readonly toWords: number;
  };

export type NearParams = {
  /** The shortest texts first. */
  readonly layers: readonly NearLayer[];
  readonly seed: number;
  /**
   * The number of pieces of texts that each layer retains for the comparison. Beyond it, each text has a fair sample.
   */
  readonly mostPieces?: number;
};

export type DuplicateGroups = {
  /** For each row the first row of its group; −1 for a row without a near-duplicate. */
  readonly groups: Int32Array;
  /** For each row, the row that replaces it. −1 for a retained row. */
  readonly keptRows: Int32Array;
  /** For each removed row, its similarity to the row that replaces it. 0 for a retained row. */
  readonly similarities: Float32Array;
  /** True when long texts were compared by a draw of their pieces. */
  readonly isEstimate: boolean;
};

export type NearGroups = DuplicateGroups & {
  /** For each row that is not kept the layer that measured the similarity; −1 for others. */
  readonly layerOf: Int8Array;
  /** How many rows each layer compared. */
  readonly layerRows: readonly number[];
};

/** 64 million pieces, 256 MB. */
const MOST_PIECES = 64 * 1024 * 1024;

/**
 * Finds near-duplicates among rows of texts in two passes: `add` all, `listCandidates`, `addCandidates` with the texts of those, `finish`.
 * In each layer a row takes 4 bytes for each band and 20 more, and a candidate the pieces of its text.
 */
export function createNearMachine({ layers: choices, seed, mostPieces = MOST_PIECES }: NearParams) {
  const layers = choices.map((choice) => ({ ...choice, ...createNearLayer({ ...choice, seed, mostPieces }) }));
  const layerRows = choices.map(() => 0);
  let worths = new Float64Array(4_096);
  let rows = 0;
  let joined = createGroups(0);

  function noteWorth(worth: number): void {
    if (rows === worths.length) {
      const larger = new Float64Array(rows * 2);
      larger.set(worths);
      worths = larger;
    }
    worths[rows++] = worth;
  }

  /** The words of a text for each layer that compares texts of this length, and null for the others. */
  function wordsByLayer(text: string): (readonly string[] | null)[] {
    const cut = new Map<boolean, readonly string[]>();
    return layers.map(({ ignoreNumbers, fromWords, toWords }) => {
      const words = cut.get(ignoreNumbers) ?? bareWords(text, ignoreNumbers);
      cut.set(ignoreNumbers, words);
      return words.length >= fromWords && words.length <= toWords ? words : null;
    });
  }

  return {
    /**
     * The next rows: their texts and their values. The most valuable of several near-duplicates is retained, or the
     * first of them.
     */
    add(texts: readonly string[], worthsOfTexts: readonly number[]): void {
      for (const [index, text] of texts.entries()) {
        for (const [place, words] of wordsByLayer(text).entries()) {
          layers[place]?.add(words);
          if (words !== null) layerRows[place] = (layerRows[place] ?? 0) + 1;
        }
        noteWorth(worthsOfTexts[index] ?? 0);
      }
    },
    /** 1 for each row whose text is needed once more. */
    listCandidates(): Uint8Array {
      const isCandidate = new Uint8Array(rows);
      for (const layer of layers) layer.markCandidates(isCandidate);
      joined = createGroups(rows);
      return isCandidate;
    },
    /** The texts of candidates, in the order of their rows. */
    addCandidates(candidates: readonly number[], texts: readonly string[]): void {
      for (const [index, row] of candidates.entries())
        for (const [place, words] of wordsByLayer(texts[index] ?? "").entries())
          if (words !== null) layers[place]?.addCandidate({ row, words, joined });
    },
    finish(): NearGroups {
      for (const layer of layers) layer.join(joined);
      const groups = joined.list();
      const keptRows = chooseApart({ groups, worths: worths.subarray(0, rows), layers });
      const isEstimate = layers.some(({ isShortened }) => isShortened());
      return { groups, ...keptRows, layerRows, isEstimate };
    },
  };
}
