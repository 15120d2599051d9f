import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { node24, root } from "./set-up.mjs";

/**
 * Runs the tests below `paths` (all when empty). `checks` are counted into the closing line.
 * @returns {boolean} whether everything passed
 */
export function runVitest(paths, checks = { passed: 0, failed: 0 }) {
  const run = spawnSync(node24, [join(root, "node_modules", "vitest", "vitest.mjs"), "run", ...paths], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, TREADLE_CHECKS_PASSED: String(checks.passed), TREADLE_CHECKS_FAILED: String(checks.failed) },
  });
  return run.status === 0;
}
