import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A file of the repository: its path from the root, and its text. */
export type Source = { readonly path: string; readonly text: string };

/** Every file that is or would be committed, by its path from the root. */
export function listFiles(): string[] {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const paths = execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 2 ** 26 }).split("\0");
  return [...new Set(paths)].filter((path) => path !== "" && existsSync(join(root, path))).sort();
}

export const readSource = (path: string): Source => ({ path, text: readFileSync(join(root, path), "utf8") });

export const lineCount = (text: string) => text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
