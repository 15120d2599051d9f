// Splits texts into chunks, ranks them by words and by vectors, joins rankings and verifies citations. Pure: it imports
// libraries only.

export * from "./analysis/index.ts";
export * from "./chunks/index.ts";
export * from "./citations/index.ts";
export * from "./fusion/index.ts";
export * from "./lexical/index.ts";
export * from "./ranking/index.ts";
export * from "./vectors/index.ts";
