// Scores of text, of labels and of rankings, and the statistics that compare them. Pure: it imports nothing.

export * from "./distributions/index.ts";
export { createRandom, type Random } from "./random.ts";
export * from "./statistics/index.ts";
export * from "./text/index.ts";
