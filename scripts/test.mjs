// `npm test`: the set-up of `npm start`, then the checks, then every test. Arguments narrow the tests: `npm test -- packages/sdk`.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { runChecks } from "./checks.mjs";
import { runVitest } from "./run-vitest.mjs";
import { say, stop } from "./say.mjs";
import { buildWeb, checkNode, install, node24, root } from "./set-up.mjs";

/** Third-party clients, in a folder with a separate lock file because they conflict with each other. */
const COMPAT_SET_UP = join(root, "tests", "compat", "setup.mjs");

checkNode();
install("everything");
buildWeb();
const paths = process.argv.slice(2);
if (paths.length === 0) setUpClients();
const checks = paths.length === 0 ? await runChecks() : { passed: 0, failed: 0 };
const haveTestsPassed = runVitest(paths, checks);
process.exitCode = checks.failed === 0 && haveTestsPassed ? 0 : 1;

function setUpClients() {
  if (!existsSync(COMPAT_SET_UP)) return;
  say("installing the clients that the compatibility tests drive");
  if (spawnSync(node24, [COMPAT_SET_UP], { cwd: root, stdio: "inherit" }).status !== 0)
    stop("the clients of the compatibility tests could not be installed; the message is above.");
}
