import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Blobs } from "./blobs.ts";
import type { KnowledgeDeps } from "./deps.ts";
import type { Manifest } from "./manifest.ts";

/** The folder of a base with links to its segments, which the search thread reads. */
export const baseFolder = ({ folder }: Pick<KnowledgeDeps, "folder">, baseId: string) => join(folder, baseId);

/**
 * Links the segments of a version, and gives them with their paths. A segment that is gone belongs to a deleted document, so it is left
 * out.
 */
export async function placeSegments(
  deps: Pick<KnowledgeDeps, "folder">,
  blobs: Pick<Blobs, "place">,
  { baseId, documents }: { readonly baseId: string; readonly documents: Manifest["documents"] },
): Promise<{ documentId: string; object: string; path: string }[]> {
  const folder = baseFolder(deps, baseId);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const placed = [];
  for (const { documentId, segmentObject: object } of documents) {
    const path = join(folder, object);
    await blobs.place(object, path);
    placed.push({ documentId, object, path });
  }
  return placed;
}

/** Removes the link to a segment. */
export const removeLink = (deps: Pick<KnowledgeDeps, "folder">, baseId: string, object: string) =>
  rm(join(baseFolder(deps, baseId), object), { force: true });

/** Removes the links of a base. */
export const removeLinks = (deps: Pick<KnowledgeDeps, "folder">, baseId: string) =>
  rm(baseFolder(deps, baseId), { recursive: true, force: true });
