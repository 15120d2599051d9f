import { createHash } from "node:crypto";
import type { PrivacyField, Span } from "@treadle/contract";
import { createPlaceholders } from "./placeholder.ts";
import { createPrivacyReport } from "./privacy-report.ts";
import { redactSpan } from "./redact-span.ts";
import { createRedactText } from "./redact-text.ts";
import { createRedactValue, type RedactValue } from "./redact-value.ts";
import type { PrivacyRules } from "./rules.ts";
import { createScan } from "./scan-text.ts";
import { countsOnly, withoutContent } from "./without-content.ts";

/** One span's redaction, and what it removed. */
export type Redaction = RedactValue & { attributes(): ReadonlyMap<string, unknown> };
export type Redactor = ReturnType<typeof createRedactor>;

export const NOT_SAMPLED = "not-sampled";

/** Redacts what arrives for a project, before it is stored. */
export function createRedactor(rules: PrivacyRules) {
  const begin = createBegin(rules);
  const storesContent = (traceId: string) => isInShare(traceId, rules.contentShare);
  return {
    begin,
    storesMedia: rules.media === "store" || !isOn(rules),
    /** Whether the content of a trace is stored. All spans of a trace have the same answer. */
    storesContent,
    /** A text outside a span, such as a comment. */
    text: (field: PrivacyField, text: string): string => begin().value(field, text),
    /** A whole span. Of one that cannot be redacted, only counts and times are left. */
    span(span: Span): Span {
      try {
        const redaction = begin();
        const redacted = redactSpan(span, redaction);
        if (!storesContent(span.traceId)) return withoutContent(redacted, NOT_SAMPLED);
        return withAttributes(redacted, redaction.attributes());
      } catch {
        return countsOnly(span);
      }
    },
  };
}

/** Without detectors only a share of the content is stored, and nothing else changes. */
const isOn = ({ detectors }: PrivacyRules) => detectors.length > 0;

/** Begins the redaction of one span. */
function createBegin(rules: PrivacyRules): () => Redaction {
  const scan = createScan(rules);
  const placeholders = createPlaceholders(rules);
  const { failure, replacement, media } = rules;
  const fields = new Set(isOn(rules) ? rules.fields : []);
  return () => {
    const report = createPrivacyReport();
    const redactText = createRedactText({ scan, placeholders, report, failure, replacement });
    return { ...createRedactValue({ redactText, scan, report, media, fields }), attributes: report.attributes };
  };
}

const withAttributes = (span: Span, added: ReadonlyMap<string, unknown>): Span =>
  added.size === 0 ? span : { ...span, attributes: Object.fromEntries([...Object.entries(span.attributes), ...added]) };

const UINT32 = 2 ** 32;

/** By a hash of the trace's id, as senders choose ids and may count them up. */
function isInShare(traceId: string, share: number): boolean {
  if (share >= 1) return true;
  return createHash("sha256").update(traceId).digest().readUInt32BE(0) / UINT32 < share;
}

const MOST_REDACTORS = 200;

/** Remembers the redactors of rules that are in use. */
export function createRedactors() {
  const byRevision = new Map<string, Redactor>();
  return function redactorOf(rules: PrivacyRules): Redactor {
    const existing = byRevision.get(rules.revision);
    if (existing) return existing;
    if (byRevision.size >= MOST_REDACTORS) byRevision.clear();
    const redactor = createRedactor(rules);
    byRevision.set(rules.revision, redactor);
    return redactor;
  };
}
