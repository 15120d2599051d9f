import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { PlacedSegment } from "../work/load-version.ts";
import { BLOB_HEADER_BYTES, type Blobs } from "./blobs.ts";
import type { KnowledgeDeps } from "./deps.ts";
import type { ManifestDocument } from "./manifest.ts";

/** The folder of a base with links to its segments, which the search thread reads. */
export const baseFolder = ({ folder }: Pick<KnowledgeDeps, "folder">, baseId: string) => join(folder, baseId);

/** Links the segments of documents, and gives them with their paths. Throws `not_found` if one is gone. */
export async function placeSegments(
  deps: Pick<KnowledgeDeps, "folder">,
  blobs: Pick<Blobs, "place">,
  { baseId, documents }: { readonly baseId: string; readonly documents: readonly ManifestDocument[] },
): Promise<PlacedSegment[]> {
  const folder = baseFolder(deps, baseId);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const placed = [];
  for (const { documentId, segmentObject: object } of documents) {
    const path = join(folder, object);
    await blobs.place(object, path);
    placed.push({ documentId, object, path, skip: BLOB_HEADER_BYTES });
  }
  return placed;
}

/** Removes the link to a segment. */
export const removeLink = (deps: Pick<KnowledgeDeps, "folder">, baseId: string, object: string) =>
  rm(join(baseFolder(deps, baseId), object), { force: true });

/** Removes the links of a base. */
export const removeLinks = (deps: Pick<KnowledgeDeps, "folder">, baseId: string) =>
  rm(baseFolder(deps, baseId), { recursive: true, force: true });
