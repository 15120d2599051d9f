import { z } from "zod";
import { type Blobs, sha256Of } from "./blobs.ts";

const ManifestDocument = z.object({
  documentId: z.string(),
  sourceId: z.string(),
  key: z.string(),
  title: z.string(),
  contentHash: z.string(),
  parsedObject: z.string(),
  segmentObject: z.string(),
  segmentHash: z.string(),
  chunks: z.number(),
  language: z.string(),
});
export type ManifestDocument = z.output<typeof ManifestDocument>;

/** What an index version is made of: its documents by source and key. */
const Manifest = z.object({ format: z.literal(1), dimensions: z.number(), documents: z.array(ManifestDocument) });
export type Manifest = z.output<typeof Manifest>;

export const writeManifest = (manifest: Manifest) => Buffer.from(JSON.stringify(manifest));

export const readManifest = async (blobs: Pick<Blobs, "get">, object: string): Promise<Manifest> =>
  Manifest.parse(JSON.parse((await blobs.get(object)).toString()));

/** Equal for equal documents with equal chunks. Ids of documents and times do not count. */
export const contentHashOf = (optionsHash: string, documents: readonly ManifestDocument[]) =>
  sha256Of(
    JSON.stringify([
      optionsHash,
      documents
        .map(({ key, title, contentHash, segmentHash }) => JSON.stringify([key, title, contentHash, segmentHash]))
        .toSorted(),
    ]),
  );
