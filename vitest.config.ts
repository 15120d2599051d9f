import { defineConfig } from "vitest/config";

/** A Python with packages/trainer/requirements.txt, which takes gigabytes: what trains for real runs where there is one. */
const hasTrainer = (process.env.TREADLE_TRAINER_PYTHON ?? "") !== "";
/** A Python with packages/trainer/requirements-onnx.txt. */
const hasOnnx = (process.env.TREADLE_ONNX_PYTHON ?? "") !== "";
/** The program `ray` of a Python with packages/trainer/requirements-ray.txt. */
const hasRay = (process.env.TREADLE_RAY ?? "") !== "";

export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A second, as it is by default, is too little of a machine whose cores are all at work.
    expect: { poll: { timeout: 15_000 } },
    // What decides about a change asks again before it refuses; whatever needed that is named at the end, to be mended.
    retry: process.env.CI ? 1 : 0,
    include: ["packages/*/src/**/*.test.{ts,tsx}", "tests/**/*.test.ts"],
    exclude: [
      "**/node_modules/**",
      "tests/compat/node_modules/**",
      ...(hasTrainer ? [] : ["tests/trainer/**"]),
      ...(hasOnnx ? [] : ["tests/trainer/onnx.test.ts"]),
      ...(hasRay ? [] : ["tests/trainer/ray.test.ts"]),
    ],
    reporters: ["default", "./tests/setup/plain-summary.ts"],
  },
});
