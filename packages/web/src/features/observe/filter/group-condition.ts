import { writeKey, writeValue } from "./edit-filter.ts";

/** Dimensions whose values the language can ask for under another name, or the same. */
const FIELDS: Readonly<Record<string, string>> = {
  model: "model",
  provider: "provider",
  kind: "kind",
  status: "status",
  errorType: "error",
  user: "user",
  session: "session",
  tag: "tag",
  endpoint: "endpoint",
  environment: "environment",
  service: "service",
  name: "name",
  prompt: "prompt",
  promptVersion: "promptVersion",
  release: "release",
  variant: "variant",
  rollout: "rollout",
  guardAction: "guard",
  guardPolicy: "guardPolicy",
  guardLanguage: "guardLanguage",
};
const METADATA = "metadata.";

const fieldOf = (dimension: string) =>
  dimension.startsWith(METADATA) ? writeKey("metadata", dimension.slice(METADATA.length)) : FIELDS[dimension];

/** The condition that only spans of one group fulfil; undefined where the language cannot say it. */
export function groupCondition(dimension: string, value: string): string | undefined {
  if (dimension === "latencyBand")
    return value === "" || Number.isNaN(Number(value)) ? undefined : bandCondition(Number(value));
  const field = fieldOf(dimension);
  return field && `${field}:${value === "" ? '""' : writeValue(value)}`;
}

/** The condition that spans of none of these groups fulfil. */
export function otherCondition(dimension: string, values: readonly string[]): string | undefined {
  const field = fieldOf(dimension);
  if (!field || values.length === 0) return undefined;
  return `-${field}:${values.map((value) => (value === "" ? '""' : writeValue(value))).join(",")}`;
}

/** A band goes from its lower end to the next 1, 2 or 5; the last has no end. */
function bandCondition(from: number): string {
  const digit = Number(String(from)[0]);
  const to = from === 0 ? 1 : digit === 2 ? from * 2.5 : from * 2;
  return from >= 1e6 ? `latency>=${from}ms` : `latency>=${from}ms latency<${to}ms`;
}
