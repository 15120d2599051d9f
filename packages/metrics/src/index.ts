// Scores of text, of labels and of rankings, and the statistics that compare them. Pure: it imports nothing.

export * from "./agreement/index.ts";
export * from "./calibration/index.ts";
export * from "./classification/index.ts";
export * from "./correction/index.ts";
export * from "./distributions/index.ts";
export * from "./drift/index.ts";
export type { Measured } from "./measured.ts";
export * from "./monitoring/index.ts";
export { createRandom, type Random } from "./random.ts";
export * from "./ranking/index.ts";
export * from "./retrieval/index.ts";
export * from "./sampling/index.ts";
export * from "./statistics/index.ts";
export * from "./text/index.ts";
export * from "./truth/index.ts";
export * from "./vectors/index.ts";
