import type { Detector } from "../detector.ts";
import { canary } from "./canary.ts";
import { code } from "./code.ts";
import { groundedness } from "./groundedness.ts";
import { invisibleText } from "./invisible-text.ts";
import { length } from "./length.ts";
import { names } from "./names.ts";
import { patterns } from "./patterns.ts";
import { personalData } from "./personal-data.ts";
import { profanity } from "./profanity.ts";
import { promptLeak } from "./prompt-leak.ts";
import { secrets } from "./secrets.ts";
import { urls } from "./urls.ts";
import { competitors, words } from "./words.ts";

/** Every detector that needs no model, by name. If findings overlap, the detector that is earlier in the list wins. */
export const DETECTORS = {
  secrets,
  canary,
  "personal-data": personalData,
  names,
  "prompt-leak": promptLeak,
  "invisible-text": invisibleText,
  urls,
  words,
  competitors,
  patterns,
  profanity,
  code,
  length,
  groundedness,
} as const;

export type DetectorName = keyof typeof DETECTORS;
export type OptionsOf<Name extends DetectorName> =
  (typeof DETECTORS)[Name] extends Detector<infer Options> ? Options : never;
