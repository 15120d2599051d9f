import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "./sources.ts";

/** Copies the sources for a test that changes them. Installed packages are links, and workspace packages point into the copy. */
export function copyTree() {
  const folder = mkdtempSync(join(tmpdir(), "treadle-rules-"));
  const packages = readdirSync(join(root, "packages"));
  for (const name of packages)
    cpSync(join(root, "packages", name), join(folder, "packages", name), {
      recursive: true,
      filter: (path) => !/[/](node_modules|dist)$/.test(path),
    });
  cpSync(join(root, "tsconfig.json"), join(folder, "tsconfig.json"));
  cpSync(join(root, "package.json"), join(folder, "package.json"));

  mkdirSync(join(folder, "node_modules", "@treadle"), { recursive: true });
  for (const name of readdirSync(join(root, "node_modules")))
    if (name !== "@treadle") symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name));
  for (const name of packages)
    symlinkSync(join(folder, "packages", name), join(folder, "node_modules", "@treadle", name));

  return {
    folder,
    add(path: string, text: string) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    /** Runs a script of the repository on the copy. */
    run(script: string, ...args: string[]) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "scripts", script), ...args], {
        cwd: folder,
        encoding: "utf8",
        maxBuffer: 2 ** 26,
      });
      return { status, stdout, stderr };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
