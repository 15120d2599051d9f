import type { RegistryDeps } from "../stores/deps.ts";
import type { ServedRow } from "../stores/version-store.ts";
import { whenRemoved } from "./find-version.ts";

/** The state of a project's versions for a request. */
export type Known = {
  readonly byId: ReadonlyMap<string, ServedRow>;
  readonly byName: ReadonlyMap<string, readonly ServedRow[]>;
  /** By `name@alias`. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Slugs that can be used. */
  readonly connections: ReadonlySet<string>;
};
export type OwnRow = Omit<ServedRow, "name" | "convertedSha256" | "isOnnx">;

/** Why versions do not answer, in words that say what to do; null for those that do. */
export function createWhyNot({ inference, models }: Pick<RegistryDeps, "inference" | "models">) {
  /** Why its own files, or its provider, cannot answer. */
  function whyNotItself({ byId, connections }: Known, row: OwnRow): string | null {
    if (row.remote !== null)
      return connections.has(row.remote.connection)
        ? null
        : `The connection "${row.remote.connection}" to its provider was deleted or is disabled. Create a connection with that name, or enable it.`;
    if (row.filesRemovedAt !== null) return whenRemoved(row.filesRemovedAt);
    if (byId.get(row.id)?.isOnnx && row.ggufSha256 === null) return inference.whyNoOnnx();
    if (row.method === "reward")
      return "A reward model gives scores and no answers. Use it in a scorer of the kind Reward model.";
    if (row.ggufSha256 === null)
      return "Only GGUF models, and ONNX models in the layout of transformers.js, can run here. This version has neither. Convert it: `treadle model export NAME@VERSION --format gguf`.";
    if (row.format !== "gguf-adapter") return null;
    if (row.baseVersionId !== null) {
      const below = byId.get(row.baseVersionId);
      return below?.ggufSha256 && below.format === "gguf" && below.filesRemovedAt === null
        ? null
        : "The base of this adapter has no GGUF file.";
    }
    if (row.baseHash === null) return "The base model of this adapter is unknown. Import it again with --base.";
    return models.withFile(row.baseHash) === null
      ? `This adapter needs the base ${row.baseRef ?? "model"}, whose file (SHA-256 ${row.baseHash.slice(0, 12)}…) is not on this machine. Pull that model.`
      : null;
  }

  const convertedOf = ({ byId }: Pick<Known, "byId">, { id }: OwnRow) => byId.get(id)?.convertedSha256 ?? null;
  const whyNot = (all: Known, row: OwnRow) => (convertedOf(all, row) === null ? whyNotItself(all, row) : null);
  return { whyNot, whyNotItself };
}
