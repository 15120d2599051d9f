import type { ChunkRole, ReadOptions } from "./chunk.ts";
import type { Section } from "./sections.ts";

/**
 * Makes the ids of the chunks of a section. An id depends on the document, the heading path, how many earlier sections have this path,
 * and the text with its white space and Unicode form normalised. Edits in other sections do not change it.
 */
export function createChunkIds({ headingPath, occurrence }: Section, { documentId, hash }: ReadOptions) {
  const counts = new Map<string, number>();
  return (role: ChunkRole, text: string): string => {
    const normalised = text.normalize("NFKC").replace(/\s+/g, " ").trim();
    const key = JSON.stringify([role, normalised]);
    const equal = counts.get(key) ?? 0;
    counts.set(key, equal + 1);
    return hash(JSON.stringify([documentId, headingPath, occurrence, role, normalised, equal]));
  };
}
