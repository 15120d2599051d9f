// What `npm run check` looks at besides the tests. Every finding is an error.
import { spawn } from "node:child_process";
import { once } from "node:events";
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
    remedy: "npm run format fixes most of it",
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
  { name: "words", program: ["scripts/check-words.mjs"], remedy: "see Words in CONTRIBUTING.md" },
  { name: "lock file", program: ["scripts/fix-lock.mjs", "--check"], remedy: "npm run fix-lock" },
];

/** Half of the checks use one core only. */
const AT_ONCE = 2;

/** Runs every check, shows what each says, and counts those that passed and failed. */
export async function runChecks() {
  const waiting = [...CHECKS];
  let failed = 0;
  const worker = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) if (!(await runCheck(check))) failed += 1;
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { passed: CHECKS.length - failed, failed };
}

/** Shows what the check said once it has ended, and returns whether it passed. */
async function runCheck({ name, program, remedy }) {
  const startedAt = Date.now();
  const run = spawn(node24, program, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const said = [];
  for (const stream of [run.stdout, run.stderr]) stream.on("data", (chunk) => said.push(chunk));
  const [status] = await once(run, "close");
  process.stdout.write(Buffer.concat(said));
  const time = `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
  say(status === 0 ? `${name}: ok (${time})` : `${name}: FAILED (${time})${remedy && `; ${remedy}`}`);
  return status === 0;
}
