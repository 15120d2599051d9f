import type { Reporter, SerializedError, TestModule } from "vitest/node";

/** What `npm test` found before the tests ran; 0 when the tests run alone. */
const checks = {
  passed: Number(process.env.TREADLE_CHECKS_PASSED ?? 0),
  failed: Number(process.env.TREADLE_CHECKS_FAILED ?? 0),
};

/** Closes a run with one line that people and machines read: `N passed, N failed, N skipped`. */
export default function plainSummary(): Reporter {
  return {
    onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]) {
      // A file that could not be loaded and an error outside every test are failures too, though no test has failed.
      const broken = modules.filter((module) => module.errors().length > 0).length;
      const count = { passed: checks.passed, failed: checks.failed + broken + unhandledErrors.length, skipped: 0 };
      for (const module of modules)
        for (const test of module.children.allTests()) {
          const { state } = test.result();
          if (state === "passed" || state === "failed") count[state] += 1;
          else count.skipped += 1;
        }
      // A machine of a person may lack what a test drives (`runIf`); the one that decides about a change may not.
      if (process.env.CI && count.skipped > 0) {
        process.stdout.write("\nTests were skipped, and on CI all must run: install what they need in .ci/run.\n");
        process.exitCode = 1;
      }
      process.stdout.write(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`);
    },
  };
}
