import { formatCount } from "../../../../components/text/format.ts";
import type { Comparison, Version } from "../shared/use-versions.ts";

/** What a version changed: `12 added, 3 changed, 1 removed`. */
export function changeWords({ added, changed, removed }: Pick<Version, "added" | "changed" | "removed">): string {
  const parts = [
    [added, "added"],
    [changed, "changed"],
    [removed, "removed"],
  ] as const;
  const words = parts.filter(([count]) => count > 0).map(([count, word]) => `${formatCount(count)} ${word}`);
  return words.length === 0 ? "no document changed" : words.join(", ");
}

/** The chunks that differ, for a confirmation: `40 chunks are added, 12 are removed and 300 stay.` */
export function chunkWords({ chunksAdded, chunksRemoved, chunksShared }: Comparison): string {
  const [added, removed, shared] = [chunksAdded, chunksRemoved, chunksShared].map(formatCount);
  if (chunksAdded === 0 && chunksRemoved === 0) return `All ${shared} chunks are the same.`;
  return `Chunks: ${added} added, ${removed} removed, ${shared} unchanged.`;
}
