import type { Span } from "@treadle/contract";
import type { CommonFields } from "./redact-span.ts";

/** Attributes whose text is no content: what this server and OpenTelemetry say about a span, and the names of models. */
const MEASURES =
  /^(?:treadle|otel|scope|resource)\.|^gen_ai\.(?:operation|provider|system$|request\.model|response\.(?:model|id|finish_reasons)|agent\.(?:id|name)|tool\.(?:name|type))/;
const WHOLE = /\.whole$/;

/** Numbers and yes or no are measures; a text can be content. */
export const isMeasure = (key: string, value: unknown): boolean =>
  typeof value === "number" || typeof value === "boolean" || (MEASURES.test(key) && !WHOLE.test(key));

const measuresOf = (record: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([key, value]) => isMeasure(key, value)));

/** The common fields without inputs, outputs, error messages and the texts of parameters. */
export function commonWithoutContent<Given extends CommonFields>(given: Given): Given {
  const bare: Record<string, unknown> = { ...given };
  if ("input" in given) bare.input = null;
  if ("output" in given) bare.output = null;
  if (given.errorMessage) bare.errorMessage = "";
  if (given.parameters) bare.parameters = measuresOf(given.parameters);
  return bare as Given;
}

/** A span with its measures, names and ids, and nothing else. `reason` is stored with it. */
export function withoutContent(span: Span, reason: string): Span {
  return {
    ...commonWithoutContent(span),
    attributes: Object.fromEntries([
      ...Object.entries(measuresOf(span.attributes)),
      ["treadle.privacy.content", reason],
    ]),
    attempts: span.attempts.map((attempt) => ({ ...attempt, error: "" })),
    events: span.events.map(({ name, time }) => ({ name, time, attributes: {} })),
    links: span.links.map((link) => ({ ...link, attributes: {} })),
  };
}

/** What is left of a span that could not be redacted: its ids of OpenTelemetry, its times and its counts. */
export const countsOnly = (span: Span): Span => ({
  ...withoutContent(span, "failed"),
  name: span.kind,
  traceName: "",
  errorType: span.errorType === "" ? "" : "withheld",
  userId: "",
  sessionId: "",
  tags: [],
  metadata: {},
  events: [],
  links: [],
  attributes: { "treadle.privacy.content": "failed" },
});
