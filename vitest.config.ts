import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A second, as it is by default, is too little of a machine whose cores are all at work.
    expect: { poll: { timeout: 15_000 } },
    include: ["packages/*/src/**/*.test.{ts,tsx}", "tests/**/*.test.ts"],
    exclude: ["**/node_modules/**", "tests/compat/node_modules/**"],
    reporters: ["default", "./tests/setup/plain-summary.ts"],
  },
});
