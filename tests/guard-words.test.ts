import { GUARD_DETECTORS } from "@treadle/contract";
import { DETECTORS, injection, TRUSTS } from "@treadle/guards";
import { expect, test } from "vitest";
import {
  canRead,
  DETECTOR_NAMES,
  detectorLabel,
  detectorLine,
} from "../packages/web/src/features/build/guards/shared/detector-words.ts";

const detectors = Object.values({ ...DETECTORS, injection });

test("every detector has a label and a line, and an unknown one is readable", () => {
  expect([...DETECTOR_NAMES].sort()).toEqual([...GUARD_DETECTORS].sort());
  for (const name of GUARD_DETECTORS) expect(detectorLine(name)).toMatch(/^[A-Z].{20,100}\.$/);
  expect(detectorLabel("personal-data")).toBe("Personal data");
  expect(detectorLabel("brand-voice")).toBe("Brand voice");
  expect(detectorLine("brand-voice")).toContain("does not have");
});

test.each(detectors.map(({ name, reads }) => ({ name, reads })))(
  "the form offers $name the sources that it reads",
  ({ name, reads }) => {
    expect(TRUSTS.filter((trust) => canRead(name, trust))).toEqual(reads ? [...reads] : [...TRUSTS]);
  },
);
