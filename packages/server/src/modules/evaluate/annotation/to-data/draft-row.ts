import type { Item } from "@treadle/contract";
import type { Message, Origin } from "../evidence/evidence.ts";

/** An item's content before it has an id and a source. */
export type Draft = {
  readonly inputs: Item["inputs"];
  readonly expected: unknown;
  readonly agreement: number | null;
  readonly margin?: number | null;
  readonly kind?: string;
  readonly origin: Origin;
};

type Asked = { readonly prompt: readonly Message[]; readonly tools: readonly unknown[] | null };

export const inputsOf = ({ prompt, tools }: Asked): Item["inputs"] => ({
  messages: prompt,
  ...(tools && tools.length > 0 && { tools }),
});
