import type { Item } from "@treadle/contract";
import type { RowVerdict } from "../steps/row-step.ts";
import type { Tokenizer } from "./count-tokens.ts";
import type { ItemFacts } from "./measure-item.ts";

/** What the thread for texts is asked, and what it answers. */
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
