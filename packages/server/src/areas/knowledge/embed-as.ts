import { BUILTIN } from "../../modules/build/models/index.ts";
import { embedInHalves } from "../../platform/inference/embed-in-halves.ts";
import type { Stores } from "../../stores.ts";

/**
 * Vectors of texts, one per text, by the embedding model that ships with the program, or by another one of this machine. `caller` shares
 * the engine fairly.
 */
export const embedAs = ({ inference }: Pick<Stores, "inference">, caller: string, modelId: string = BUILTIN.id) =>
  embedInHalves(async (texts, signal) => (await inference.embed({ modelId, texts, caller }, signal)).vectors);
