import { createThread, type Thread } from "../../../../platform/threads/port.ts";
import type { Orders } from "./orders.ts";

export type TextThread = Thread<Orders>;

/** Reads and judges texts. Its vocabularies and the language model take 150 MB, so it ends when it is idle. */
export const createTextThread = (): TextThread =>
  createThread({ script: new URL("./text-worker.ts", import.meta.url), name: "texts" });
