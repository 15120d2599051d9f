export { openSearch } from "./open.ts";
export { createVectorCache } from "./vector-cache.ts";
