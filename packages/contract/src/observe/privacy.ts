import { z } from "zod";
import { JsonValue, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";

/** The detectors that can run before storage: each finding is certain by its form, and a part of a text is enough. */
export const PRIVACY_DETECTORS = [
  "secrets",
  "personal-data",
  "words",
  "competitors",
  "patterns",
  "profanity",
  "urls",
  "invisible-text",
] as const;

/** The parts of spans, logs, scores and feedback that can be redacted. */
export const PRIVACY_FIELDS = [
  "inputs",
  "outputs",
  "tool-arguments",
  "tool-results",
  "attributes",
  "metadata",
  "events",
  "errors",
  "names",
  "user-id",
  "session-id",
  "feedback",
] as const;
export const PrivacyField = z.enum(PRIVACY_FIELDS);
export type PrivacyField = z.infer<typeof PrivacyField>;

const PrivacyDetector = z.strictObject({
  detector: z.enum(PRIVACY_DETECTORS),
  options: z.record(z.string().max(60), JsonValue).default({}).describe("As in a rule of a guard policy."),
});

const areDistinct = (rows: readonly { detector: string }[]) =>
  new Set(rows.map(({ detector }) => detector)).size === rows.length;

/** What is removed from a project's traces before they are stored. */
export const PrivacySettings = z.strictObject({
  isEnabled: z.boolean().describe("Whether texts are redacted. If not, they are stored as they were sent."),
  detectors: z
    .array(PrivacyDetector)
    .min(1)
    .max(PRIVACY_DETECTORS.length)
    .refine(areDistinct, "must name each detector once")
    .default([
      { detector: "secrets", options: {} },
      { detector: "personal-data", options: {} },
    ]),
  fields: z
    .array(PrivacyField)
    .min(1)
    .max(PRIVACY_FIELDS.length)
    .default([...PRIVACY_FIELDS])
    .describe("The parts that are redacted. All others are stored as they were sent."),
  replacement: z
    .enum(["redact", "hash"])
    .default("redact")
    .describe(
      "`redact` replaces a finding by its kind, such as `[EMAIL]`. `hash` adds a keyed hash, so that equal values stay comparable. Findings in user and session ids are always hashed.",
    ),
  failure: z
    .enum(["withhold", "cut"])
    .default("withhold")
    .describe(
      "A text that is too long to scan: `withhold` stores none of it, `cut` stores the scanned part. A text whose detector failed is always withheld.",
    ),
  media: z
    .enum(["withhold", "store"])
    .default("withhold")
    .describe("Images, audio and files, which detectors cannot read."),
  recordsContentReads: z
    .boolean()
    .default(true)
    .describe(
      "Whether the audit log has an entry for each read of inputs and outputs: one per caller and trace in ten minutes.",
    ),
  contentShare: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe(
      "The share of traces whose content is stored. The others keep their measures only. It also applies while redaction is off.",
    ),
});
export type PrivacySettings = z.output<typeof PrivacySettings>;

export const StoredPrivacySettings = PrivacySettings.extend({
  version: z.number().int().min(0).max(2_147_483_647).describe("Grows with each change. 0 for the default."),
  updatedAt: Timestamp.nullable(),
});
export type StoredPrivacySettings = z.output<typeof StoredPrivacySettings>;

export const privacyApi = defineApi({
  "GET /api/v1/privacy": {
    name: "getPrivacy",
    summary: "What is removed from the project's traces before storage",
    permission: "projects:read",
    response: StoredPrivacySettings,
  },
  "PUT /api/v1/privacy": {
    name: "savePrivacy",
    summary: "Set what is removed from the project's traces before storage",
    description: "Applies to everything that arrives afterwards. Stored traces do not change.",
    permission: "projects:write",
    body: PrivacySettings,
    example: { isEnabled: true, replacement: "hash" },
    response: StoredPrivacySettings,
  },
});
