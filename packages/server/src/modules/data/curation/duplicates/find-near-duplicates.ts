import { type TextView, textOf } from "../items/item-text.ts";
import type { NearGroups, NearLayer } from "../sets/near-machine.ts";
import { openMachine } from "../sets/open-machine.ts";
import { feed, type Reading } from "../step/feed.ts";
import { layersFor, type NearChoice } from "./near-layers.ts";
import type { WorthOf } from "./worth.ts";

type Choice = NearChoice & { readonly of: TextView; readonly worthOf?: WorthOf; readonly seed?: number };
/** The duplicates, and how the texts were compared. */
export type NearDuplicates = NearGroups & { readonly layers: readonly NearLayer[] };

/**
 * Finds near-duplicates by MinHash in a separate thread; reads all items twice. System messages do not count. By
 * default, texts are split by their length.
 */
export async function findNearDuplicates(
  reading: Reading,
  { of, worthOf, seed = 1, ...choice }: Choice,
): Promise<NearDuplicates> {
  const layers = layersFor(choice);
  const machine = openMachine("near", { layers, seed }, reading.signal);
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
    return { ...(await machine.call("finish")), layers };
  } finally {
    await machine.close();
  }
}
