import { isUtf8 } from "node:buffer";
import { AppError } from "../../../kernel/errors.ts";
import { findHalfPair } from "../../../kernel/half-pairs.ts";
import { scanJson } from "../../../kernel/scan-json.ts";

const refuse = (message: string, cause?: unknown) =>
  new AppError("invalid_request", { message: `The request body was rejected. ${message}`, cause });

type Options = {
  /**
   * Half a surrogate pair becomes U+FFFD, as in any encoder, if another server validates the body. Elsewhere it is
   * rejected.
   */
  readonly mendsHalfPairs?: boolean;
};

/** An escape of half a surrogate pair; the other half may follow. */
const SURROGATE = /\\u[dD][89a-fA-F]/;

/**
 * Parses a JSON body after a check. Throws `invalid_request` for bytes that are not UTF-8, for findings of `scanJson`,
 * for invalid JSON, and for half a surrogate pair, which is not a character and which no store accepts. Of a duplicate
 * key, the last counts, as in JSON.parse.
 */
export function parseJson(bytes: Buffer, { mendsHalfPairs = false }: Options = {}): unknown {
  if (!isUtf8(bytes)) throw refuse("It is not valid UTF-8.");
  const problem = scanJson(bytes);
  if (problem !== null) throw refuse(problem);
  const text = bytes.toString();
  const value = parseText(text);
  // These can only come from escapes, or from the word itself.
  if (text.includes("__proto__") || text.includes("\\u")) dropPrototypes(value);
  if (SURROGATE.test(text)) {
    if (mendsHalfPairs) mendPairs(value);
    else refuseHalfPair(value);
  }
  return value;
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const place = /position (\d+)/.exec(cause instanceof Error ? cause.message : "")?.[1];
    throw refuse(
      place ? `It is not valid JSON: look at character ${place}.` : "It is not valid JSON, or it ends too soon.",
    );
  }
}

/**
 * JSON.parse makes `__proto__` an ordinary own key, but a later copy of the object could set its prototype with it: such
 * keys are dropped.
 */
function dropPrototypes(root: unknown) {
  eachObject(root, (holder) => {
    Reflect.deleteProperty(holder, "__proto__");
  });
}

function mendPairs(root: unknown) {
  eachObject(root, (holder) => {
    for (const [key, child] of Object.entries(holder)) {
      if (!key.isWellFormed()) Reflect.deleteProperty(holder, key);
      if (typeof child === "string") holder[key.toWellFormed()] = child.toWellFormed();
      else if (!key.isWellFormed()) holder[key.toWellFormed()] = child;
    }
  });
}

function eachObject(root: unknown, visit: (holder: Record<string, unknown>) => void) {
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== "object" || value === null) continue;
    visit(value as Record<string, unknown>);
    for (const child of Object.values(value)) if (typeof child === "object") pending.push(child);
  }
}

function refuseHalfPair(value: unknown) {
  const path = findHalfPair(value, "body");
  if (path === null) return;
  throw new AppError("invalid_request", {
    message: `${path} contains half of a surrogate pair, such as a cut emoji, which cannot be stored. Complete or remove it.`,
    details: { param: path.replace(/^body\.?/, ""), issues: [{ path, message: "contains half of a surrogate pair" }] },
  });
}
