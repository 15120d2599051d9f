import { BUILTIN } from "../modules/build/models/index.ts";
import type { Stores } from "../stores.ts";

/** Vectors of texts, one per text, by the embedding model that ships with the program. `caller` shares the engine fairly. */
export const embedAs =
  ({ inference }: Pick<Stores, "inference">, caller: string) =>
  async (texts: readonly string[], signal: AbortSignal) =>
    (await inference.embed({ modelId: BUILTIN.id, texts, caller }, signal)).vectors;
