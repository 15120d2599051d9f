import { GUARD_DETECTORS, GUARD_OPTIONS, type GuardDetectorName, readShape } from "@treadle/contract";
import {
  compilePatterns,
  DETECTORS,
  type Detector,
  injection,
  injectionThreshold,
  prepareText,
  type UserPattern,
} from "@treadle/guards";
import type { GuardRegistry } from "../modules/build/guards/index.ts";

const USUAL_THRESHOLD = 0.5;

/** The score alone decides, so the rule's threshold is the only one. */
const injectionByRule: Detector<unknown> = { ...injection, find: (text) => injection.find(text, { threshold: 0 }) };

const detectors: ReadonlyMap<string, Detector<unknown>> = new Map(
  Object.entries({ ...DETECTORS, injection: injectionByRule } as Record<GuardDetectorName, Detector<unknown>>),
);

const isKnown = (name: string): name is GuardDetectorName => (GUARD_DETECTORS as readonly string[]).includes(name);

/** The detectors of this server, and how their options are read. */
export const guardRegistry: GuardRegistry = {
  detectors,
  prepare: prepareText,
  thresholdOf: (detector) => (detector === injection.name ? injectionThreshold() : USUAL_THRESHOLD),
  readOptions(detector, options) {
    if (!isKnown(detector)) throw new Error(`there is no detector "${detector}"`);
    const result = readShape(GUARD_OPTIONS[detector], options);
    if (!result.success)
      throw new Error(result.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`.trim()).join("; "));
    // A pattern that cannot be used must be reported before a call needs it.
    if (detector === "patterns") compilePatterns((result.data as { patterns: readonly UserPattern[] }).patterns);
    return result.data;
  },
};
