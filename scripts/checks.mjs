// What `npm run check` looks at besides the tests. Every finding is an error.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { say } from "./say.mjs";
import { node24, root } from "./set-up.mjs";

const modules = join(root, "node_modules");
const tsc = join(modules, "typescript-native", "bin", "tsc");

/** Each is a program of Node's and its arguments, and what to do when it finds something. */
const CHECKS = [
  {
    name: "format and lint",
    program: [join(modules, "@biomejs", "biome", "bin", "biome"), "check", "--error-on-warnings"],
    remedy: "npm run format mends most of it",
  },
  { name: "types", program: [tsc, "-p", "tsconfig.json"], remedy: "" },
  { name: "types of the web app", program: [tsc, "-p", "packages/web/tsconfig.json"], remedy: "" },
  { name: "layers", program: ["scripts/check-layers.mjs"], remedy: "see .dependency-cruiser.mjs and ARCHITECTURE.md" },
  {
    name: "dead code",
    program: [join(modules, "knip", "bin", "knip.js"), "--no-progress"],
    remedy: "delete what nothing uses",
  },
  { name: "generated files", program: ["scripts/generate.ts", "--check"], remedy: "npm run generate" },
  { name: "lock file", program: ["scripts/fix-lock.mjs", "--check"], remedy: "npm run fix-lock" },
];

/** Runs every check, shows what each says, and counts those that passed and failed. */
export function runChecks() {
  let failed = 0;
  for (const { name, program, remedy } of CHECKS) {
    const startedAt = Date.now();
    const run = spawnSync(node24, program, { cwd: root, stdio: "inherit" });
    const time = `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
    if (run.status === 0) say(`${name}: ok (${time})`);
    else {
      failed += 1;
      say(`${name}: FAILED (${time})${remedy && `; ${remedy}`}`);
    }
  }
  return { passed: CHECKS.length - failed, failed };
}
