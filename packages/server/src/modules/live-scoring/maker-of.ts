import { createHash } from "node:crypto";
import type { BoundScorer } from "./deps.ts";

/** Stands for the version of a scorer: another one scores a span anew. */
export const makerOf = ({ scorerId, version, signature }: Pick<BoundScorer, "scorerId" | "version" | "signature">) =>
  createHash("sha256")
    .update(JSON.stringify([scorerId, version, signature]))
    .digest("hex")
    .slice(0, 16);
