export { openKnowledge } from "./open.ts";
export type { Embedding } from "./stores/deps.ts";
export { type IndexOrders, indexWork } from "./work/index-work.ts";
export { createSearchWork, type SearchOrders } from "./work/search-work.ts";
