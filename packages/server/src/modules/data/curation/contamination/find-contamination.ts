import type { Item } from "@treadle/contract";
import { promptParts, textOf } from "../items/item-text.ts";
import type { ComparedText, Contamination, ContaminationParams } from "../sets/contamination-machine.ts";
import { openMachine } from "../sets/open-machine.ts";
import { feed, type Reading } from "../step/feed.ts";
import type { EvaluationSet } from "../step/step.ts";

/** An item that gives an evaluation item away: which one, and how much of it (from 0 to 1). */
export type ContaminatedItem = Pick<Contamination, "overlap" | "rule"> & {
  readonly datasetId: string;
  readonly datasetName: string;
  readonly itemId: string;
};

export const CONTAMINATION_DEFAULTS = { words: 13, similarity: 0.8 } as const satisfies ContaminationParams;

type Choice = {
  readonly sets: readonly EvaluationSet[];
  readonly params: ContaminationParams;
  readonly signal: AbortSignal;
};

/**
 * Reads all evaluation items into a separate thread, which then checks any number of items against them. Close it at
 * the end.
 */
export async function openContamination({ sets, params, signal }: Choice) {
  const machine = openMachine("contamination", params, signal);
  const origins: { readonly set: EvaluationSet; readonly itemId: string }[] = [];
  try {
    for (const set of sets) {
      const reading: Reading = { read: set.read, rows: 0, signal, progress: () => undefined };
      const hand = (items: readonly Item[]) => {
        for (const { itemId } of items) origins.push({ set, itemId });
        return machine.call("addItems", items.map(comparedText));
      };
      await feed(reading, { from: 0, to: 0, hand });
    }
  } catch (error) {
    await machine.close();
    throw error;
  }
  return {
    /** For each item what it gives away most; null when it gives nothing away. */
    async check(items: readonly Item[]): Promise<(ContaminatedItem | null)[]> {
      const contaminated: (ContaminatedItem | null)[] = items.map(() => null);
      for (const { row, item, overlap, rule } of await machine.call("check", items.map(comparedText))) {
        const origin = origins[item];
        if (!origin) continue;
        const { datasetId, name } = origin.set;
        contaminated[row] = { overlap, rule, datasetId, datasetName: name, itemId: origin.itemId };
      }
      return contaminated;
    },
    close: () => machine.close(),
  };
}

const INSTRUCTING = new Set(["system", "developer", "assistant", "tool"]);

function comparedText(item: Item): ComparedText {
  const asking = promptParts(item).filter(({ role }) => !INSTRUCTING.has(role));
  return {
    prompts: asking.map(({ text }) => text),
    prompt: textOf(item, "prompt", { isSpoken: true }),
    all: textOf(item, "all", { isSpoken: true }),
  };
}
