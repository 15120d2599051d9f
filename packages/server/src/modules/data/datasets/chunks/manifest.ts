import { hash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { z } from "zod";
import type { Objects } from "../../../../platform/objects/port.ts";
import { hashRoot } from "./item-hash.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().min(0);

const ManifestChunk = z.object({
  /** Over the hashes of its rows. */
  hash: sha256,
  /** The object that holds the rows. */
  object: sha256,
  rows: count,
  /** The size of the rows as JSON. */
  bytes: count,
});
export type ManifestChunk = z.infer<typeof ManifestChunk>;

/** All items of a version or a draft, as chunks in order. It is stored as a separate object. */
export type Manifest = {
  /** The object that holds it. */
  readonly sha: string;
  /** The Merkle root over the rows. */
  readonly root: string;
  readonly rows: number;
  readonly chunks: readonly ManifestChunk[];
};

const Stored = z.object({
  format: z.literal("treadle-dataset"),
  formatVersion: z.literal(1),
  chunks: z.array(ManifestChunk),
});

const toManifest = (sha: string, chunks: readonly ManifestChunk[]): Manifest => ({
  sha,
  chunks,
  root: hashRoot(chunks.map(({ hash }) => hash)),
  rows: chunks.reduce((sum, { rows }) => sum + rows, 0),
});

/** A manifest as it is stored, and the hash that names it. */
export function encodeManifest(chunks: readonly ManifestChunk[]) {
  const bytes = Buffer.from(JSON.stringify({ format: "treadle-dataset", formatVersion: 1, chunks }));
  return { bytes, sha: hash("sha256", bytes, "hex") };
}

/** No items at all; it is nowhere stored. */
export const EMPTY_MANIFEST: Manifest = toManifest(encodeManifest([]).sha, []);

const MOST_KEPT = 32;

/** Manifests in the object store, with a cache of the last few. */
export function createManifests(objects: Objects) {
  const cache = new Map<string, Manifest>();
  function keep(manifest: Manifest): Manifest {
    cache.delete(manifest.sha);
    cache.set(manifest.sha, manifest);
    const oldest = cache.keys().next().value;
    if (cache.size > MOST_KEPT && oldest !== undefined) cache.delete(oldest);
    return manifest;
  }
  return {
    async save(chunks: readonly ManifestChunk[]): Promise<Manifest> {
      const { bytes, sha } = encodeManifest(chunks);
      await objects.put(bytes);
      return keep(toManifest(sha, chunks));
    },
    async read(sha: string): Promise<Manifest> {
      if (sha === EMPTY_MANIFEST.sha) return EMPTY_MANIFEST;
      const known = cache.get(sha);
      if (known) return keep(known);
      const { chunks } = Stored.parse(JSON.parse((await buffer(await objects.get(sha))).toString()));
      return keep(toManifest(sha, chunks));
    },
  };
}
export type Manifests = ReturnType<typeof createManifests>;
