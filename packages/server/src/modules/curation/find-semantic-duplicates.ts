import { embedItems } from "./embed-items.ts";
import type { Reading } from "./feed.ts";
import type { TextView } from "./item-text.ts";
import type { NearGroups } from "./sets/near-machine.ts";
import { openMachine } from "./sets/open-machine.ts";
import type { StepTools } from "./steps/step.ts";
import type { WorthOf } from "./worth.ts";

type Choice = {
  readonly of: TextView;
  readonly threshold: number;
  readonly embed: StepTools["embed"];
  readonly worthOf: WorthOf;
};

/** Finds items whose texts mean the same, by their vectors, in a thread of its own. */
export async function findSemanticDuplicates(reading: Reading, choice: Choice): Promise<NearGroups> {
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
