import type { ItemDraft } from "./run-try.ts";

/** An item that was made and kept, or the answer of an item of the draft. */
export type KeptItem = { readonly draft: ItemDraft; readonly fills: string | null; readonly of: readonly string[] };
