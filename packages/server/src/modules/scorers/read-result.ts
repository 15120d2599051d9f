import { isRecord } from "./judging/read-json.ts";
import { failed, scored, truth, unscored, type Verdict } from "./kinds/kind.ts";

const LONGEST = 4_000;

/**
 * What somebody else's scorer gave: a number, true or false, null for no score, or an object with `value`, and with `label` and
 * `reason` if it likes.
 */
export function readResult(given: unknown, details: Readonly<Record<string, unknown>> = {}): Verdict {
  if (given === null || given === undefined) return unscored("The scorer gave no score.", details);
  if (typeof given === "number") return scored(given, { details });
  if (typeof given === "boolean") return truth(given, "", { details });
  if (!isRecord(given)) return failed("The scorer gave neither a number, true or false, null nor an object.", details);
  const value = given.value ?? given.score ?? null;
  const reason = typeof given.reason === "string" ? given.reason.slice(0, LONGEST) : "";
  const label = typeof given.label === "string" ? given.label.slice(0, 300) : null;
  if (value === null) return unscored(reason || "The scorer gave no value.", details);
  if (typeof value === "boolean") return truth(value, reason, { label, details });
  if (typeof value !== "number")
    return failed("The `value` that the scorer gave is no number, true or false.", details);
  return scored(value, { label, reason, details });
}
