import { defineConfig } from "vitest/config";
import { SlowestFirst } from "./tests/setup/run/slowest-first.ts";
import { groupTests, type TestGroup } from "./tests/setup/run/test-groups.ts";

/** A Python with packages/trainer/requirements.txt, which takes gigabytes. Tests that train for real need it. */
const hasTrainer = (process.env.TREADLE_TRAINER_PYTHON ?? "") !== "";
/** A Python with packages/trainer/requirements-onnx.txt. */
const hasOnnx = (process.env.TREADLE_ONNX_PYTHON ?? "") !== "";
/** The program `ray` of a Python with packages/trainer/requirements-ray.txt. */
const hasRay = (process.env.TREADLE_RAY ?? "") !== "";

const groups = groupTests();

/** The groups run one after the other; the files of a group share workers, and with them what `tests/setup` opens once per worker. */
const project = (
  name: TestGroup,
  groupOrder: number,
  options: { pool: "threads" | "forks"; maxWorkers: number; isolate?: true },
) => ({
  test: {
    name,
    include: [...groups[name]],
    isolate: false,
    sequence: { groupOrder },
    // On a busy machine a page that axe reads takes a minute.
    testTimeout: name === "system" ? 180_000 : 60_000,
    hookTimeout: 120_000,
    // The default of one second is too short for a machine whose cores are all busy.
    expect: { poll: { timeout: 15_000 } },
    // CI repeats a failed test once. Tests that needed it are listed at the end, to be fixed.
    retry: process.env.CI ? 1 : 0,
    exclude: [
      ...(hasTrainer ? [] : ["tests/trainer/**"]),
      ...(hasOnnx ? [] : ["tests/trainer/onnx.test.ts"]),
      ...(hasRay ? [] : ["tests/trainer/ray.test.ts"]),
    ],
    ...options,
  },
});

export default defineConfig({
  test: {
    projects: [
      project("pure", 0, { pool: "threads", maxWorkers: 2 }),
      project("stores", 1, { pool: "forks", maxWorkers: 2 }),
      project("alone", 1, { pool: "forks", maxWorkers: 2, isolate: true }),
      // These wait for other processes half of the time.
      project("system", 2, { pool: "forks", maxWorkers: 3 }),
    ],
    sequence: { sequencer: SlowestFirst },
    globalSetup: "./tests/setup/run/temp-folder.ts",
    reporters: ["default", "./tests/setup/run/plain-summary.ts"],
  },
});
