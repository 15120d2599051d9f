import type { PrivacyField } from "@treadle/contract";
import { type Walker, walk } from "./walk-value.ts";

/** Redacts values of any shape. What is not changed stays the same object. */
export function createRedactValue(walker: Walker) {
  const { fields, redactText } = walker;
  /** Inputs and outputs hold calls of tools, which can be chosen without them. */
  const concerns = (field: PrivacyField) =>
    fields.has(field) ||
    ((field === "inputs" || field === "outputs") && (fields.has("tool-arguments") || fields.has("tool-results")));

  return {
    value: <Value>(field: PrivacyField, value: Value, key?: string): Value =>
      concerns(field) ? (walk(walker, value, { field, key, depth: 0 }) as Value) : value,
    /** Findings in an id are hashed, so that different users and sessions stay different. */
    id: (field: "user-id" | "session-id", id: string): string =>
      fields.has(field) && id !== "" ? redactText(id, { field, isId: true }) : id,
  };
}
export type RedactValue = ReturnType<typeof createRedactValue>;
