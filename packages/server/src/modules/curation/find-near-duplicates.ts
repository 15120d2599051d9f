import { feed, type Reading } from "./feed.ts";
import { type TextView, textOf } from "./item-text.ts";
import { chooseBands } from "./sets/minhash.ts";
import type { NearGroups, NearParams } from "./sets/near-machine.ts";
import { openMachine } from "./sets/open-machine.ts";
import type { WorthOf } from "./worth.ts";

type Choice = NearParams & { readonly of: TextView; readonly worthOf?: WorthOf };

/** 14 bands of 8: 5 words in a row, as datatrove has it. A pair of similarity 0.8 is found with 92 %, one of 0.9 with 99.96 %. */
export const NEAR_DEFAULTS = {
  unit: "word",
  size: 5,
  ignoreNumbers: false,
  bands: 14,
  rowsPerBand: 8,
  seed: 1,
  threshold: 0.8,
} as const satisfies NearParams;

/** From here on the defaults find most pairs. */
const LOWEST_FOR_DEFAULTS = 0.75;
/** A pair that is missed is worse than one that is compared in vain. */
const WEIGHTS = { wrongly: 0.1, missed: 0.9 };

/** The bands with which pairs of a similarity are found: those of the defaults, or as many hashes in more bands for a lower one. */
export const bandsFor = (threshold: number): Pick<NearParams, "bands" | "rowsPerBand"> => {
  const { bands, rowsPerBand } = NEAR_DEFAULTS;
  return threshold >= LOWEST_FOR_DEFAULTS
    ? { bands, rowsPerBand }
    : chooseBands(threshold, bands * rowsPerBand, WEIGHTS);
};

/** Finds near-duplicates by MinHash in a thread of its own; reads all items twice. What system messages say does not count. */
export async function findNearDuplicates(reading: Reading, { of, worthOf, ...params }: Choice): Promise<NearGroups> {
  const machine = openMachine("near", params, reading.signal);
  try {
    await feed(reading, {
      from: 0,
      to: 0.5,
      hand: (items) =>
        machine.call(
          "add",
          items.map((item) => textOf(item, of, { isSpoken: true })),
          items.map((item) => worthOf?.(item) ?? 0),
        ),
    });
    const isCandidate = await machine.call("listCandidates");
    await feed(reading, {
      from: 0.5,
      to: 0.95,
      hand: (items, firstRow) => {
        const candidates = items.flatMap((item, index) =>
          isCandidate[firstRow + index] ? [{ item, row: firstRow + index }] : [],
        );
        if (candidates.length === 0) return Promise.resolve();
        return machine.call(
          "addCandidates",
          candidates.map(({ row }) => row),
          candidates.map(({ item }) => textOf(item, of, { isSpoken: true })),
        );
      },
    });
    return await machine.call("finish");
  } finally {
    await machine.close();
  }
}
