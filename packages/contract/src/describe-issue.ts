import type { z } from "zod";

type Issue = z.core.$ZodRawIssue;

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};
/** What a value that is not there is called wrong for. */
const MISSING: ReadonlySet<string> = new Set(["invalid_type", "invalid_value", "invalid_union"]);
const UNITS: Readonly<Record<string, string>> = { string: "characters", array: "entries", set: "entries" };
const FORMATS: Readonly<Record<string, string>> = {
  email: "must be an e-mail address",
  url: "must be a URL, such as https://example.com",
  datetime: "must be a time, such as 2026-01-31T12:00:00Z",
};

/**
 * What is wrong with a value, in words that follow its name, such as "is missing" or "must be a number". Give it to Zod as
 * the `error` of a parse: a sentence that the shape itself brings wins. Never repeats the value.
 */
export function describeIssue(issue: Issue): string | undefined {
  if (issue.input === undefined && MISSING.has(issue.code)) return "is missing";
  switch (issue.code) {
    case "invalid_type":
      return `must be ${KINDS[issue.expected] ?? issue.expected}${butIs(issue.input)}`;
    case "invalid_value":
      return issue.values.length === 1
        ? `must be ${String(issue.values[0])}`
        : `must be one of ${issue.values.map(String).join(", ")}`;
    case "invalid_format":
      return FORMATS[issue.format];
    case "unrecognized_keys":
      return `has no field ${issue.keys.map((key) => JSON.stringify(key.slice(0, 100))).join(", ")}`;
    case "too_small":
      return describeLimit(issue, "at least", Number(issue.minimum));
    case "too_big":
      return describeLimit(issue, "at most", Number(issue.maximum));
    default:
      return undefined;
  }
}

type Limit = { readonly origin: string; readonly inclusive?: boolean };

function describeLimit({ origin, inclusive = true }: Limit, word: "at least" | "at most", limit: number): string {
  const unit = UNITS[origin];
  if (unit && limit === 1 && word === "at least") return "must not be empty";
  if (unit) return `must have ${word} ${limit} ${unit}`;
  if (inclusive) return `must be ${word} ${limit}`;
  return `must be ${word === "at least" ? "more" : "less"} than ${limit}`;
}

function butIs(value: unknown): string {
  if (value === null) return ", not null";
  if (Array.isArray(value)) return ", not a list";
  // NaN and numbers that are not whole are described by the required type.
  return typeof value === "number" && !Number.isInteger(value) ? "" : `, not ${KINDS[typeof value] ?? typeof value}`;
}
