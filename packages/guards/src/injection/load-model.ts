import { readFileSync } from "node:fs";
import { decodeModel, type Model } from "./model.ts";

/** Written by `packages/guards/training/train.ts`; docs/reference/injection-model.md says from what. */
export const MODEL_FILE = new URL("./model.bin", import.meta.url);

let loaded: Model | undefined;
/** The model that Treadle ships, read from disk on first use. */
export function loadModel(): Model {
  loaded ??= decodeModel(readFileSync(MODEL_FILE));
  return loaded;
}
