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
      const unsteady: string[] = [];
      for (const module of modules)
        for (const test of module.children.allTests()) {
          const { state } = test.result();
          if (test.diagnostic()?.flaky) unsteady.push(`${module.relativeModuleId}: ${test.fullName}`);
          if (state === "passed" || state === "failed") count[state] += 1;
          else count.skipped += 1;
        }
      // A machine of a person may lack what a test drives (`runIf`); the one that decides about a change may not.
      if (process.env.CI && count.skipped > 0) {
        process.stdout.write("\nTests were skipped, and on CI all must run: install what they need in .ci/run.\n");
        process.exitCode = 1;
      }
      if (unsteady.length > 0)
        process.stdout.write(`\nPassed at the second try only, so look at why:\n${unsteady.join("\n")}\n`);
      process.stdout.write(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`);
    },
  };
}
