export { openKnowledge } from "./open.ts";
export type { Embedder, Embedding } from "./stores/deps.ts";
