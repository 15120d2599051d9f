import type { Item } from "@treadle/contract";
import type { RowVerdict } from "../step/row-step.ts";
import type { Tokenizer } from "./count-tokens.ts";
import type { ItemFacts } from "./measure-item.ts";

/** The requests to the text thread, and its results. */
export type Orders = {
  judge: {
    readonly order: {
      readonly stepId: string;
      readonly params: unknown;
      readonly secret: Uint8Array;
      readonly items: readonly Item[];
    };
    readonly answer: readonly RowVerdict[];
  };
  count: {
    readonly order: { readonly tokenizer: Tokenizer; readonly texts: readonly string[] };
    readonly answer: readonly number[];
  };
  measure: {
    readonly order: { readonly items: readonly Item[]; readonly tokenizers: readonly Tokenizer[] };
    readonly answer: readonly ItemFacts[];
  };
};
