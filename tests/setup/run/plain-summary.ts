import type { Reporter, SerializedError, TestModule } from "vitest/node";

/** The counts of the checks that `npm test` ran before the tests. 0 when only tests run. */
const checks = {
  passed: Number(process.env.TREADLE_CHECKS_PASSED ?? 0),
  failed: Number(process.env.TREADLE_CHECKS_FAILED ?? 0),
};

/** Ends a run with one line for people and machines: `N passed, N failed, N skipped`. */
export default function plainSummary(): Reporter {
  return {
    onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]) {
      // A file that could not be loaded and an error outside every test also count as failures.
      const broken = modules.filter((module) => module.errors().length > 0).length;
      const count = { passed: checks.passed, failed: checks.failed + broken + unhandledErrors.length, skipped: 0 };
      const unsteady: string[] = [];
      for (const module of modules)
        for (const test of module.children.allTests()) {
          const { state } = test.result();
          if (test.diagnostic()?.flaky) unsteady.push(`${module.relativeModuleId}: ${test.fullName}`);
          if (state === "passed" || state === "failed") count[state] += 1;
          else count.skipped += 1;
        }
      // A developer's machine may lack programs that tests need (`runIf`). CI must have all of them.
      if (process.env.CI && count.skipped > 0) {
        process.stdout.write("\nTests were skipped, and on CI all must run: install what they need in .ci/run.\n");
        process.exitCode = 1;
      }
      if (unsteady.length > 0)
        process.stdout.write(`\nPassed at the second try only, so look at why:\n${unsteady.join("\n")}\n`);
      process.stdout.write(timesOf(modules));
      process.stdout.write(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`);
    },
  };
}

const SLOWEST = 20;

/** The seconds of each group of files, summed over the workers, and the slowest files. Empty for a few files. */
function timesOf(modules: readonly TestModule[]): string {
  if (modules.length <= SLOWEST) return "";
  const files = modules.map((module) => {
    const { collectDuration, duration } = module.diagnostic();
    return { path: module.relativeModuleId, seconds: (collectDuration + duration) / 1000 };
  });
  const groups = new Map<string, { files: number; seconds: number }>();
  for (const { path, seconds } of files) {
    const name = groupOf(path);
    const group = groups.get(name) ?? { files: 0, seconds: 0 };
    groups.set(name, { files: group.files + 1, seconds: group.seconds + seconds });
  }
  const slowest = files.toSorted((a, b) => b.seconds - a.seconds).slice(0, SLOWEST);
  const bySeconds = [...groups].toSorted(([, a], [, b]) => b.seconds - a.seconds);
  return [
    "\nSeconds by group, summed over the workers:",
    ...bySeconds.map(([name, { files, seconds }]) => `${seconds.toFixed(1).padStart(8)}  ${name} (${files} files)`),
    "\nSlowest files, in seconds:",
    ...slowest.map(({ path, seconds }) => `${seconds.toFixed(1).padStart(8)}  ${path}`),
    "",
  ].join("\n");
}

/** The group of a file: `tests/browser`, `packages/cli`, or one level deeper in the server: `packages/server/modules/train`. */
const groupOf = (path: string) =>
  /^packages\/server\/src\/(modules\/[^/]+|[^/]+)/.exec(path)?.[0] ?? path.split("/").slice(0, 2).join("/");
