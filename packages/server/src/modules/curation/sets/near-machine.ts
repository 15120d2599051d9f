import { createGroups } from "./groups.ts";
import type { BandParams } from "./minhash.ts";
import { createRowKeys } from "./row-keys.ts";
import { createSetPool } from "./set-pool.ts";
import { type ShingleParams, shinglesOf } from "./shingles.ts";

export type NearParams = ShingleParams &
  BandParams & {
    /** The Jaccard similarity from which two texts are near-duplicates. */
    readonly threshold: number;
    /** How many pieces of texts are kept for the comparison; beyond it each text keeps a fair draw of its own. */
    readonly mostPieces?: number;
  };

export type NearGroups = {
  /** For each row the first row of its group; −1 for a row without a near-duplicate. */
  readonly groups: Int32Array;
  /** For each row the row that is kept in its stead; −1 for a row that is kept. */
  readonly keptRows: Int32Array;
  /** For each row that is not kept its similarity to the one that is; below the threshold when others lie between them. */
  readonly similarities: Float32Array;
  /** True when long texts were compared by a draw of their pieces. */
  readonly isEstimate: boolean;
};

/** 64 million pieces, 256 MB. */
const MOST_PIECES = 64 * 1024 * 1024;
/** How many rows before it in a band a row is held against: bands of more than that hold one family, which its first row joins. */
const MOST_LOOKS = 1_000;

/**
 * Finds near-duplicates among rows of texts in two passes: `add` all, `listCandidates`, `addCandidates` with the texts of those, `finish`.
 * A row takes 4 bytes for each band and 20 more, and a candidate the pieces of its text.
 */
export function createNearMachine({ threshold, mostPieces = MOST_PIECES, ...params }: NearParams) {
  const pool = createSetPool({ mostNumbers: mostPieces });
  const keys = createRowKeys(params);
  /** The first row with the same pieces as a row, or the row itself. */
  let twins = new Int32Array();
  let joined = createGroups(0);
  const twinOf = (row: number) => twins[row] ?? row;

  /** Each row of a run against the first one, and against those before it that are not in its group yet. */
  function compare(run: readonly number[]): void {
    const firsts = [...new Set(run.map(twinOf))];
    for (let at = 1; at < firsts.length; at++) {
      const row = firsts[at] ?? 0;
      joinIfNear(firsts[0] ?? 0, row);
      for (let back = at - 1; back > Math.max(0, at - MOST_LOOKS); back--) joinIfNear(firsts[back] ?? 0, row);
    }
  }
  function joinIfNear(one: number, two: number): void {
    if (joined.find(one) !== joined.find(two) && pool.similarity(one, two) >= threshold) joined.join(one, two);
  }

  return {
    /** The next rows: their texts, and of what worth each is; of near-duplicates the one of most worth is kept, the first of those. */
    add(texts: readonly string[], worths: readonly number[]): void {
      for (const [index, text] of texts.entries()) keys.add(shinglesOf(text, params), worths[index] ?? 0);
    },
    /** 1 for each row whose text is needed once more. */
    listCandidates(): Uint8Array {
      const rows = keys.count();
      const isCandidate = new Uint8Array(rows);
      const mark = (run: readonly number[]) => {
        for (const row of run) isCandidate[row] = 1;
      };
      twins = Int32Array.from({ length: rows }, (_, row) => row);
      keys.eachSame((run) => {
        mark(run);
        findTwins(run, keys.setOf, twins);
      });
      for (let band = 0; band < params.bands; band++) keys.eachBandRun(band, mark);
      joined = createGroups(rows);
      return isCandidate;
    },
    /** The texts of candidates, in the order of their rows. */
    addCandidates(candidates: readonly number[], texts: readonly string[]): void {
      for (const [index, row] of candidates.entries()) {
        const shingles = shinglesOf(texts[index] ?? "", params);
        const twin = twinOf(row);
        if (twin !== row && pool.has(twin) && pool.similarityTo(shingles, twin) === 1) joined.join(twin, row);
        else {
          twins[row] = row;
          pool.add(row, shingles);
        }
      }
    },
    finish(): NearGroups {
      for (let band = 0; band < params.bands; band++) keys.eachBandRun(band, compare);
      const groups = joined.list();
      const keptRows = chooseKept(groups, keys.worths());
      const similarity = (one: number, two: number) => (one === two ? 1 : pool.similarity(one, two));
      const similarities = Float32Array.from(keptRows, (kept, row) =>
        kept < 0 ? 0 : similarity(twinOf(kept), twinOf(row)),
      );
      return { groups, keptRows, similarities, isEstimate: pool.isShortened() };
    },
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

/** Of each group the row of most worth; the first of those. */
export function chooseKept(groups: Int32Array, worths: ArrayLike<number>): Int32Array {
  const best = new Map<number, number>();
  for (const [row, group] of groups.entries()) {
    const leader = best.get(group);
    if (group >= 0 && (leader === undefined || (worths[row] ?? 0) > (worths[leader] ?? 0))) best.set(group, row);
  }
  return groups.map((group, row) => {
    const leader = best.get(group) ?? row;
    return group < 0 || leader === row ? -1 : leader;
  });
}
