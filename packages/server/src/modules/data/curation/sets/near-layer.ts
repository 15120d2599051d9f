import type { createGroups } from "./groups.ts";
import type { BandParams } from "./minhash.ts";
import { createRowKeys } from "./row-keys.ts";
import { createSetPool } from "./set-pool.ts";
import { type ShingleParams, shinglesOfWords } from "./shingles.ts";

type Groups = ReturnType<typeof createGroups>;
type LayerParams = ShingleParams & BandParams & { readonly threshold: number; readonly mostPieces: number };

/** How many rows before it in a band a row is compared with: a band of more than that holds one family, which its first row joins. */
const MOST_LOOKS = 1_000;

/** Finds pairs of near-duplicates among rows whose texts are all cut and compared in the same way. */
export function createNearLayer({ threshold, mostPieces, ...params }: LayerParams) {
  const pool = createSetPool({ mostNumbers: mostPieces });
  const keys = createRowKeys(params);
  /** The first row with the same pieces as a row, or the row itself. */
  let twins = new Int32Array();
  const twinOf = (row: number) => twins[row] ?? row;

  /** Compares each row of a run with the first one, and with those before it that are not in its group yet. */
  function compare(run: readonly number[], joined: Groups): void {
    const firsts = [...new Set(run.map(twinOf))];
    for (let at = 1; at < firsts.length; at++) {
      const row = firsts[at] ?? 0;
      joinIfNear(firsts[0] ?? 0, row, joined);
      for (let back = at - 1; back > Math.max(0, at - MOST_LOOKS); back--) joinIfNear(firsts[back] ?? 0, row, joined);
    }
  }
  function joinIfNear(one: number, two: number, joined: Groups): void {
    if (joined.find(one) !== joined.find(two) && pool.similarity(one, two) >= threshold) joined.join(one, two);
  }

  return {
    /** The words of the next row; null for a row that other layers compare. */
    add: (words: readonly string[] | null): void =>
      keys.add(words === null ? new Uint32Array() : shinglesOfWords(words, params)),
    /** Writes 1 for each row whose text is needed once more. */
    markCandidates(isCandidate: Uint8Array): void {
      const mark = (run: readonly number[]) => {
        for (const row of run) isCandidate[row] = 1;
      };
      twins = Int32Array.from({ length: keys.count() }, (_, row) => row);
      keys.eachSame((run) => {
        mark(run);
        findTwins(run, keys.setOf, twins);
      });
      for (let band = 0; band < params.bands; band++) keys.eachBandRun(band, mark);
    },
    /** Retains the pieces of a candidate, or joins it to an earlier row with the same pieces. */
    addCandidate({ row, words, joined }: { row: number; words: readonly string[]; joined: Groups }): void {
      const shingles = shinglesOfWords(words, params);
      const twin = twinOf(row);
      if (twin !== row && pool.has(twin) && pool.similarityTo(shingles, twin) === 1) joined.join(twin, row);
      else {
        twins[row] = row;
        pool.add(row, shingles);
      }
    },
    join(joined: Groups): void {
      for (let band = 0; band < params.bands; band++) keys.eachBandRun(band, (run) => compare(run, joined));
    },
    /** −1 when this layer does not hold both. */
    similarity(one: number, two: number): number {
      const [first, second] = [twinOf(one), twinOf(two)];
      if (!pool.has(first) || !pool.has(second)) return -1;
      return first === second ? 1 : pool.similarity(first, second);
    },
    isShortened: () => pool.isShortened(),
  };
}

/** Points each row of a run to the first one with the same key. */
function findTwins(run: readonly number[], setOf: (row: number) => number, twins: Int32Array): void {
  const firsts = new Map<number, number>();
  for (const row of run) {
    const key = setOf(row);
    if (!firsts.has(key)) firsts.set(key, row);
    twins[row] = firsts.get(key) ?? row;
  }
}
