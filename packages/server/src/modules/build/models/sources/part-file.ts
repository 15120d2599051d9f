import { readFile, rm, stat, writeFile } from "node:fs/promises";

/** Identifies the version of a partial file. Another version must not continue it. */
export type Version = { readonly etag: string; readonly totalBytes: number | null };

const notePath = (partPath: string) => `${partPath}.json`;

/** How many bytes of which version lie there already. */
export async function readPart(partPath: string): Promise<{ bytes: number; version: Version | null }> {
  const bytes = await stat(partPath).then(
    (stats) => stats.size,
    () => 0,
  );
  const version = await readFile(notePath(partPath), "utf8").then(parseVersion, () => null);
  return version && bytes > 0 ? { bytes, version } : { bytes: 0, version: null };
}

function parseVersion(text: string): Version | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("etag" in value) || typeof value.etag !== "string")
      return null;
    const total = "totalBytes" in value && typeof value.totalBytes === "number" ? value.totalBytes : null;
    return { etag: value.etag, totalBytes: total };
  } catch {
    return null;
  }
}

export const notePart = (partPath: string, version: Version) => writeFile(notePath(partPath), JSON.stringify(version));

export async function dropPart(partPath: string): Promise<void> {
  await Promise.all([rm(partPath, { force: true }), rm(notePath(partPath), { force: true })]);
}
