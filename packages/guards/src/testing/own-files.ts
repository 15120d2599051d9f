import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../../../..");
const OWN = /\.(?:ts|tsx|mjs|md|json|css|sql|py|yaml)$/;

/** Tests hold planted secrets, and lock files hold hashes. */
function* filesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !/^(?:node_modules|dist|testing|models)$/.test(entry.name)) yield* filesBelow(path);
    else if (entry.isFile() && OWN.test(entry.name) && !/\.test\.tsx?$|lock\.json$/.test(entry.name)) yield path;
  }
}

/** The docs and the code of this repository, with their paths. */
export function* ownTexts(): Generator<{ readonly path: string; readonly text: string }> {
  for (const folder of ["docs", "packages", "scripts", "examples"])
    for (const path of filesBelow(folder)) yield { path, text: readFileSync(join(root, path), "utf8") };
}
