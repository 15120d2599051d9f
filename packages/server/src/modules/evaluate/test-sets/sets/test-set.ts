import type { ItemInput, ScorerRef } from "@treadle/contract";

/** An item of a set: its id never changes, so that runs over different versions of the set can be laid side by side. */
export type TestItem = Pick<ItemInput, "inputs" | "expected" | "metadata"> & { readonly itemId: string };

/** Items that come with the program, to be made a dataset of. */
export type TestSet = {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** Increases when an item is added, changed or removed. */
  readonly version: number;
  readonly items: readonly TestItem[];
  /** The scorers for the answers, in the format of an experiment. */
  readonly scorers: readonly ScorerRef[];
};
