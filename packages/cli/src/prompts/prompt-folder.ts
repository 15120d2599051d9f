import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UsageError } from "../shared/usage-error.ts";
import { type PromptFile, readPromptFile } from "./prompt-file.ts";
import { EXTENSION, shownPath } from "./prompt-path.ts";

/** A file of a prompt, as it was read. */
export type Found = { readonly path: string; readonly text: string; readonly file: PromptFile };

/** Reads the files that are named, and all below the folders that are. Throws before anything is done for the first that is wrong. */
export function readPromptFiles(places: readonly string[]): readonly Found[] {
  const files = places.flatMap(pathsAt).map((path) => {
    const text = readFileSync(path, "utf8");
    return { path, text, file: readPromptFile(text, shownPath(path)) };
  });
  const paths = new Map<string, string>();
  for (const { path, file } of files) {
    const other = paths.get(file.name);
    if (other && other !== path)
      throw new UsageError(`${shownPath(path)} and ${shownPath(other)} are both named ${file.name}.`);
    paths.set(file.name, path);
  }
  return files;
}

function pathsAt(place: string): readonly string[] {
  const about = statSync(place, { throwIfNoEntry: false });
  if (!about)
    throw new UsageError(`There is no file or folder ${shownPath(place)}. Pull first, or name a file or folder.`);
  if (!about.isDirectory()) return [place];
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(EXTENSION))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** What a file holds, or undefined when there is none. */
export function readIfThere(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false }) ? readFileSync(path, "utf8") : undefined;
}

/** Writes a file whole or not at all, with the folders above it. */
export function writeWhole(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.part`;
  writeFileSync(beside, text);
  renameSync(beside, path);
}

/** Refuses two prompts whose files would be one where a disk does not tell letters apart. */
export function refuseClashes(paths: ReadonlyMap<string, string>): void {
  const names = new Map<string, string>();
  for (const [name, path] of paths) {
    const key = path.normalize("NFC").toLowerCase();
    const other = names.get(key);
    if (other)
      throw new UsageError(
        `${other} and ${name} have the same file name ${shownPath(path)} on disks that ignore case. Rename one of them.`,
      );
    names.set(key, name);
  }
}
