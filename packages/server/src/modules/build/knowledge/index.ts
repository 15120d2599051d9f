export { openKnowledge } from "./open.ts";
export type { Knowledge } from "./service.ts";
export type { Embedder, Embedding } from "./stores/deps.ts";
