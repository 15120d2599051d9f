import { isRecord } from "../../../../kernel/is-record.ts";
import { failed, scored, truth, unscored, type Verdict } from "./kind.ts";

const LONGEST = 4_000;

/**
 * The result of an external scorer: a number, true or false, null for no score, or an object with `value` and
 * optionally `label` and `reason`.
 */
export function readResult(given: unknown, details: Readonly<Record<string, unknown>> = {}): Verdict {
  if (given === null || given === undefined) return unscored("The scorer returned no score.", details);
  if (typeof given === "number") return scored(given, { details });
  if (typeof given === "boolean") return truth(given, "", { details });
  if (!isRecord(given))
    return failed("The scorer returned neither a number, true or false, null nor an object.", details);
  const value = given.value ?? given.score ?? null;
  const reason = typeof given.reason === "string" ? given.reason.slice(0, LONGEST) : "";
  const label = typeof given.label === "string" ? given.label.slice(0, 300) : null;
  if (value === null) return unscored(reason || "The scorer returned no value.", details);
  if (typeof value === "boolean") return truth(value, reason, { label, details });
  if (typeof value !== "number")
    return failed("The `value` that the scorer returned is not a number, true or false.", details);
  return scored(value, { label, reason, details });
}
