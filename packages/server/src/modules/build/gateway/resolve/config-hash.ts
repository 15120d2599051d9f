import { createHash } from "node:crypto";
import type { Plan, Target } from "./resolve-model.ts";

/** SHA-256 of the configuration behind an answer: the settings of the endpoint and the connection, and the model. */
export function createConfigHash() {
  const hashes = new Map<string, string>();
  return (plan: Plan, target: Target): string => {
    const connection = target.kind === "http" ? target.connection.configHash : "local";
    const variant = plan.assignment?.variant.name ?? "";
    const key = `${plan.endpoint?.configHash ?? ""} ${variant} ${connection} ${target.model}`;
    const existing = hashes.get(key);
    if (existing) return existing;
    if (hashes.size >= 10_000) hashes.clear();
    const hash = createHash("sha256").update(key).digest("hex");
    hashes.set(key, hash);
    return hash;
  };
}
