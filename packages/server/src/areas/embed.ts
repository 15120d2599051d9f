import { BUILTIN } from "../modules/build/models/index.ts";
import { embedInHalves } from "../platform/inference/embed-in-halves.ts";
import type { Stores } from "../stores.ts";

/** Vectors of texts, one per text, by the embedding model that ships with the program. `caller` shares the engine fairly. */
export const embedAs = ({ inference }: Pick<Stores, "inference">, caller: string) =>
  embedInHalves(
    async (texts, signal) => (await inference.embed({ modelId: BUILTIN.id, texts, caller }, signal)).vectors,
  );
