// `npm run test:quick`: the tests that need no store and no server, and the tests beside what has changed since the main branch.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { runVitest } from "./run-vitest.mjs";
import { checkNode, install, root } from "./set-up.mjs";

const TEST = /\.test\.tsx?$/;

checkNode();
install("everything");
const isPurePassed = runVitest(["--project", "pure"]);
const beside = testsBeside(changedFiles());
const isRestPassed =
  beside.length === 0 || runVitest(["--project", "stores", "--project", "alone", "--passWithNoTests", ...beside]);
process.exitCode = isPurePassed && isRestPassed ? 0 : 1;

/** What differs from the main branch, as it is on the disk: committed, not committed and new. */
function changedFiles() {
  const base = git("merge-base", "HEAD", "origin/main")[0] ?? "HEAD";
  return [...git("diff", "--name-only", base), ...git("ls-files", "--others", "--exclude-standard")];
}

function git(...args) {
  const { status, stdout } = spawnSync("git", args, { cwd: root, encoding: "utf8" });
  return status === 0 ? stdout.split("\n").filter(Boolean) : [];
}

/** The test files in the folders of these files. */
function testsBeside(paths) {
  const folders = new Set(paths.filter((path) => path.startsWith("packages/")).map(dirname));
  return [...folders]
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder))
        .filter((name) => TEST.test(name))
        .map((name) => join(folder, name)),
    );
}
