import type { CurationGroup, Item } from "@treadle/contract";
import type { z } from "zod";

/** A step's verdict on one item. A step returns exactly one verdict for each item, in the order of the items. */
export type Verdict = {
  readonly item: Item;
  readonly keep: boolean;
  /** Why it is removed, edited or flagged, for a person; empty when nothing happens to it. */
  readonly reason: string;
  /**
   * The rule that decided, short and equal for all such items, such as `mean-word-length` or `email`. Counts are
   * grouped by it.
   */
  readonly rule?: string;
  /** The measured value, and its limit. Null if there is no number. */
  readonly value: number | null;
  readonly threshold: number | null;
  /** Replaces the item if it was changed: a redaction, a flag in its metadata, a split. */
  readonly edited?: Item;
  /** The other side of it, such as the item it is a duplicate of or the evaluation item it gives away. */
  readonly related?: { readonly datasetId?: string; readonly itemId: string };
  /** Everything that was measured of it by rule, for the histograms; `value` under `rule` needs no repeating. */
  readonly measures?: Readonly<Record<string, number>>;
};

/** Items of a dataset that is marked as evaluation. */
export type EvaluationSet = {
  readonly datasetId: string;
  readonly name: string;
  read(): AsyncIterable<Item>;
};

/** The services for steps. Each is limited and stops with `signal`. */
export type StepTools = {
  /** The verdicts of a row-wise step, found in a separate thread. */
  judge(order: {
    readonly stepId: string;
    readonly params: unknown;
    readonly secret: Uint8Array;
    readonly items: readonly Item[];
  }): Promise<readonly Omit<Verdict, "item">[]>;
  /** One vector for each text, all of one length. */
  embed(texts: readonly string[]): Promise<readonly (readonly number[])[]>;
  /** Tokens of each text by a tokenizer of `TOKENIZERS`, or by a local model's own (`local:` and its id). */
  countTokens(texts: readonly string[], tokenizer: string): Promise<readonly number[]>;
  /** Every evaluation dataset of the project, without the curated dataset. */
  evaluationSets(): Promise<readonly EvaluationSet[]>;
};

export type StepContext = {
  readonly signal: AbortSignal;
  /**
   * A secret of the dataset. The same item is treated the same way each time, and the treatment cannot be guessed from
   * outside.
   */
  readonly secret: Uint8Array;
  /** How many items there are. */
  readonly rows: number;
  readonly tools: StepTools;
  /** The items from the first to the last. May be called more than once; nothing is held between. */
  read(): AsyncIterable<Item>;
  /** The progress before the step returns verdicts, from 0 to 1. Verdicts are counted separately. */
  progress(share: number): void;
  /** Adds a sentence to the result about an automatic choice, with the number of items. */
  note(sentence: string): void;
};

/** One step of a pipeline of curation. Its parameters are also the form in the interface. */
export type Step<Params extends z.ZodType = z.ZodType> = {
  readonly id: string;
  readonly label: string;
  /** The effect of the step and the affected items, in a sentence or two. */
  readonly describe: string;
  readonly group: CurationGroup;
  readonly params: Params;
  /** Named choices of parameters, such as the rules of a paper; left out when the defaults are the only one. */
  readonly presets?: readonly {
    readonly presetId: string;
    readonly label: string;
    readonly params: z.input<Params>;
  }[];
  /** True when a verdict depends on other items, so that a preview over a part of them finds less. */
  readonly isSetWise: boolean;
  run(context: StepContext, params: z.output<Params>): AsyncIterable<Verdict>;
};

/** An item that nothing happens to. */
export const kept = (item: Item, measures?: Verdict["measures"]): Verdict => ({
  item,
  keep: true,
  reason: "",
  value: null,
  threshold: null,
  ...(measures && { measures }),
});
