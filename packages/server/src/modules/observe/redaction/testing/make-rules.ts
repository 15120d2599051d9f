import { PRIVACY_FIELDS } from "@treadle/contract";
import type { PrivacyRules } from "../rules.ts";

let revision = 0;

/** Rules that find secrets and personal data in all fields, with changes. */
export const makeRules = (changes: Partial<PrivacyRules> = {}): PrivacyRules => ({
  revision: `test ${++revision}`,
  detectors: [
    { detector: "secrets", options: {} },
    { detector: "personal-data", options: {} },
  ],
  fields: PRIVACY_FIELDS,
  replacement: "redact",
  failure: "withhold",
  media: "withhold",
  contentShare: 1,
  hashKey: "0f".repeat(32),
  ...changes,
});
