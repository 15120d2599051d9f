import { createHash } from "node:crypto";
import type { BoundScorer } from "./deps.ts";

/** Identifies the version of a scorer. Another version scores a span again. */
export const makerOf = ({ scorerId, version, signature }: Pick<BoundScorer, "scorerId" | "version" | "signature">) =>
  createHash("sha256")
    .update(JSON.stringify([scorerId, version, signature]))
    .digest("hex")
    .slice(0, 16);
