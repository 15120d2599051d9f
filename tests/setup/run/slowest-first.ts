import { BaseSequencer, type TestSpecification } from "vitest/node";

/** These take minutes although they are short. A file that begins last would run alone. */
const SLOWEST = [
  "tests/trainer/python.test.ts",
  "tests/flows/observe/watch.test.ts",
  "tests/trainer/runs.test.ts",
  "tests/trainer/ray.test.ts",
  "tests/browser/observe/watch-story.test.ts",
  "tests/trainer/rewards.test.ts",
  "tests/browser/system/reach.test.ts",
  "tests/trainer/conversions.test.ts",
  "tests/trainer/parity.test.ts",
  "tests/browser/data/datasets.test.ts",
  "tests/compat/otlp/senders.test.ts",
  "tests/flows/evaluate/gate.test.ts",
  "tests/browser/train/training.test.ts",
  "tests/faults/kill/optimisation-kill-nine.test.ts",
] as const;

/** Begins with the slowest files. Without times of an earlier run, Vitest orders the others by size. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification) => {
      const place = SLOWEST.findIndex((path) => moduleId.endsWith(path));
      return place < 0 ? SLOWEST.length : place;
    };
    return (await super.sort(files)).toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}
