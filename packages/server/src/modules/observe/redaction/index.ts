export type { Privacy } from "./privacy.ts";
export { redactCommon } from "./redact-span.ts";
export { createRedactors, NOT_SAMPLED, type Redaction, type Redactor } from "./redactor.ts";
export type { PrivacyRules } from "./rules.ts";
export { commonWithoutContent, countsOnly, isMeasure } from "./without-content.ts";
