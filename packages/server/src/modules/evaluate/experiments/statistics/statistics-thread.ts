import { createThread, type Thread } from "../../../../platform/threads/port.ts";
import type { Orders } from "./orders.ts";

export type Statistics = Thread<Orders>;

/** Resamples and permutes. */
export const createStatistics = (): Statistics =>
  createThread({ script: new URL("./statistics-worker.ts", import.meta.url), name: "statistics" });
