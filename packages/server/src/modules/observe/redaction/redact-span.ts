import type { Span } from "@treadle/contract";
import type { RedactValue } from "./redact-value.ts";

/** The fields that received spans and stored ones have in common. */
export type CommonFields = Partial<
  Pick<
    Span,
    | "name"
    | "kind"
    | "errorType"
    | "errorMessage"
    | "environment"
    | "provider"
    | "requestModel"
    | "responseModel"
    | "traceName"
    | "promptName"
    | "promptVersion"
    | "release"
    | "userId"
    | "sessionId"
    | "tags"
    | "metadata"
    | "parameters"
    | "input"
    | "output"
  >
>;

const NAMES = [
  "name",
  "environment",
  "provider",
  "requestModel",
  "responseModel",
  "traceName",
  "promptName",
  "promptVersion",
  "release",
] as const;
const ERRORS = ["errorType", "errorMessage"] as const;

/** Redacts the common fields of a span. Those that it does not have are left out. */
export function redactCommon<Given extends CommonFields>(given: Given, redact: RedactValue): Given {
  const isTool = given.kind === "tool";
  const redacted: Record<string, unknown> = { ...given };
  for (const name of NAMES) if (given[name]) redacted[name] = redact.value("names", given[name]);
  for (const name of ERRORS) if (given[name]) redacted[name] = redact.value("errors", given[name]);
  if (given.userId) redacted.userId = redact.id("user-id", given.userId);
  if (given.sessionId) redacted.sessionId = redact.id("session-id", given.sessionId);
  if (given.tags) redacted.tags = redact.value("metadata", given.tags);
  if (given.metadata) redacted.metadata = redact.value("metadata", given.metadata);
  if (given.parameters) redacted.parameters = redact.value("attributes", given.parameters);
  if ("input" in given) redacted.input = redact.value(isTool ? "tool-arguments" : "inputs", given.input);
  if ("output" in given) redacted.output = redact.value(isTool ? "tool-results" : "outputs", given.output);
  return redacted as Given;
}

const LIMITS = {
  name: 300,
  service: 200,
  environment: 200,
  provider: 200,
  requestModel: 300,
  responseModel: 300,
  endpoint: 200,
  errorType: 200,
  errorMessage: 20_000,
  userId: 500,
  sessionId: 500,
  scopeName: 300,
  traceName: 300,
  promptName: 300,
  promptVersion: 200,
  release: 200,
} as const satisfies Partial<Record<keyof Span, number>>;
const cut = (text: string, longest: number) => (text.length > longest ? text.slice(0, longest) : text);

/** A placeholder can be longer than its value: the span within the limits of the contract. */
function withinLimits(span: Span): Span {
  const fitting: Record<string, unknown> = { ...span };
  for (const [name, longest] of Object.entries(LIMITS) as [keyof typeof LIMITS, number][])
    fitting[name] = cut(span[name], longest);
  return {
    ...(fitting as Span),
    tags: span.tags.map((tag) => cut(tag, 200)),
    metadata: Object.fromEntries(
      Object.entries(span.metadata).map(([key, text]) => [cut(key, 200), cut(text, 10_000)]),
    ),
  };
}

/** A whole span, redacted. */
export function redactSpan(span: Span, redact: RedactValue): Span {
  return withinLimits({
    ...redactCommon(span, redact),
    service: redact.value("names", span.service),
    endpoint: redact.value("names", span.endpoint),
    scopeName: redact.value("names", span.scopeName),
    attributes: redact.value("attributes", span.attributes),
    attempts: span.attempts.map((attempt) => ({ ...attempt, error: redact.value("errors", attempt.error) })),
    events: span.events.map(({ name, time, attributes }) => ({
      name: redact.value("events", name),
      time,
      attributes: redact.value("events", attributes),
    })),
    links: span.links.map((link) => ({ ...link, attributes: redact.value("attributes", link.attributes) })),
  });
}
