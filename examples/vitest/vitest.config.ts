import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["*.eval.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Without TREADLE_URL, a server is started for these tests.
    globalSetup: ["@treadle/sdk/vitest/server"],
  },
});
