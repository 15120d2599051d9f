import type { RegistryDeps } from "./deps.ts";
import { whenRemoved } from "./find-place.ts";
import type { ServedRow } from "./version-store.ts";

/** What is known of a project's versions when one is asked for. */
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
  /** Why its own files, or the provider that keeps it, do not answer. */
  function whyNotItself({ byId, connections }: Known, row: OwnRow): string | null {
    if (row.remote !== null)
      return connections.has(row.remote.connection)
        ? null
        : `The connection "${row.remote.connection}" that reaches it is gone or disabled. Make one with that name, or enable it.`;
    if (row.filesRemovedAt !== null) return whenRemoved(row.filesRemovedAt);
    if (byId.get(row.id)?.isOnnx && row.ggufSha256 === null) return inference.whyNoOnnx();
    if (row.ggufSha256 === null)
      return "Only GGUF answers here, and ONNX in the layout of transformers.js; this version has neither. Make one of it: `treadle model export NAME@VERSION --format gguf`.";
    if (row.format !== "gguf-adapter") return null;
    if (row.baseVersionId !== null) {
      const below = byId.get(row.baseVersionId);
      return below?.ggufSha256 && below.format === "gguf" && below.filesRemovedAt === null
        ? null
        : "The version that this adapter goes over has no GGUF file.";
    }
    if (row.baseHash === null) return "Nobody said which model this adapter goes over. Import it again with --base.";
    return models.withFile(row.baseHash) === null
      ? `This adapter goes over ${row.baseRef ?? "a model"}, whose file (SHA-256 ${row.baseHash.slice(0, 12)}…) is not on this machine. Pull that model.`
      : null;
  }

  const convertedOf = ({ byId }: Pick<Known, "byId">, { id }: OwnRow) => byId.get(id)?.convertedSha256 ?? null;
  const whyNot = (all: Known, row: OwnRow) => (convertedOf(all, row) === null ? whyNotItself(all, row) : null);
  return { whyNot, whyNotItself };
}
