import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { listFiles, readSource, root } from "../sources.ts";

/**
 * The needs of a test file decide how it runs. `pure` only computes. `stores` opens a database, a process or a thread.
 * `alone` needs a separate process, because it opens the columnar engine, moves the threads of its process or measures
 * its memory. `system` drives a whole server or a browser.
 */
export type TestGroup = "pure" | "stores" | "alone" | "system";

const TEST = /^(packages\/[^/]+\/src|tests)\/.*\.test\.tsx?$/;
/** These tests check the source tree and need no server. */
const TREE = /^tests\/(setup\/)?[^/]+$/;
const ALONE = /\b(openColumnar|connectFolder|openSpareCore|memoryUsage)\(|from "chdb/;
const HEAVY = /^(node:)?(child_process|worker_threads)$|^chdb|^@electric-sql\/pglite|^pg$/;

/** The test files of the repository, by group. A file of `packages/` is pure unless it imports a heavy package. */
export function groupTests(): Readonly<Record<TestGroup, readonly string[]>> {
  const groups: Record<TestGroup, string[]> = { pure: [], stores: [], alone: [], system: [] };
  const isHeavy = createHeavyCheck();
  for (const path of listFiles().filter((path) => TEST.test(path))) {
    const isSystem = path.startsWith("tests/") && !TREE.test(path);
    const isAlone = () => ALONE.test(readSource(path).text);
    const group = !isSystem && !isHeavy(path) ? "pure" : isAlone() ? "alone" : isSystem ? "system" : "stores";
    groups[group].push(path);
  }
  return groups;
}

/**
 * Checks whether a file reaches a heavy package through its imports, including type imports. A wrong result costs time,
 * but skips no test.
 */
function createHeavyCheck() {
  const imports = new Map<string, readonly string[]>();
  const importsOf = (path: string) => {
    const known = imports.get(path);
    if (known) return known;
    const text = existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : "";
    const names = [...text.matchAll(/\b(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(([, name = ""]) =>
      name.startsWith(".") ? relative(root, join(root, dirname(path), name)) : name,
    );
    imports.set(path, names);
    return names;
  };
  return (path: string) => {
    const visited = new Set([path]);
    for (const file of visited)
      for (const name of importsOf(file)) {
        if (HEAVY.test(name)) return true;
        visited.add(name);
      }
    return false;
  };
}
