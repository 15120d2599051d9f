import type { TextView } from "../items/item-text.ts";
import type { DuplicateGroups } from "../sets/near-machine.ts";
import { openMachine } from "../sets/open-machine.ts";
import { embedItems } from "../step/embed-items.ts";
import type { Reading } from "../step/feed.ts";
import type { StepTools } from "../step/step.ts";
import type { WorthOf } from "./worth.ts";

type Choice = {
  readonly of: TextView;
  readonly threshold: number;
  readonly embed: StepTools["embed"];
  readonly worthOf: WorthOf;
};

/** Finds items with the same meaning by their vectors, in a separate thread. */
export async function findSemanticDuplicates(reading: Reading, choice: Choice): Promise<DuplicateGroups> {
  const { of, threshold, embed, worthOf } = choice;
  const machine = openMachine("semantic", { threshold }, reading.signal);
  try {
    await embedItems(reading, {
      of,
      embed,
      take: (vectors, items) => machine.call("add", vectors, items.map(worthOf)),
    });
    return await machine.call("finish");
  } finally {
    await machine.close();
  }
}
