import { mkdir } from "node:fs/promises";
import { join, posix } from "node:path";
import type { RegistryDeps } from "../stores/deps.ts";
import { createFileStore, type VersionRow } from "../stores/version-store.ts";

/** The marker file next to the weights of each format. */
const MARKS = { safetensors: "config.json", adapter: "adapter_config.json" } as const;

/** The files of a Hugging Face model or adapter as a folder of this machine; null for a version without one. */
export async function placeFolder(
  { db, objects, folder }: Pick<RegistryDeps, "db" | "objects" | "folder">,
  { id, sha256, formats }: VersionRow,
  format: keyof typeof MARKS,
): Promise<string | null> {
  const files = await createFileStore(db).listFiles(id);
  const mark = files.find(({ path }) => posix.basename(path) === MARKS[format]);
  if (!formats.includes(format) || !mark) return null;
  const whole = join(folder, "bases", sha256);
  for (const { path, sha256: content } of files) {
    await mkdir(join(whole, posix.dirname(path)), { recursive: true, mode: 0o700 });
    await objects.place(content, join(whole, path));
  }
  return join(whole, posix.dirname(mark.path));
}
