import { isUtf8 } from "node:buffer";
import { AppError } from "../../kernel/errors.ts";
import { scanJson } from "../../kernel/scan-json.ts";

const refuse = (message: string, cause?: unknown) =>
  new AppError("invalid_request", { message: `The body was refused. ${message}`, cause });

/**
 * Reads a JSON body that is checked before it is parsed. Throws `invalid_request` for bytes that are not UTF-8,
 * for what `scanJson` finds, and for what is not JSON. Of a key that comes twice, the last counts, as in JSON.parse.
 */
export function parseJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw refuse("It is not valid UTF-8.");
  const problem = scanJson(bytes);
  if (problem !== null) throw refuse(problem);
  const text = bytes.toString();
  const value = parseText(text);
  // Both can only come from escapes, or from the word itself.
  if (text.includes("__proto__") || text.includes("\\u")) makeHarmless(value);
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
 * keys are dropped. Half a surrogate pair is no character and no store takes it: it becomes U+FFFD, as in any encoder.
 */
function makeHarmless(root: unknown) {
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== "object" || value === null) continue;
    const holder = value as Record<string, unknown>;
    for (const key of Object.keys(holder)) {
      const child = holder[key];
      const isKeySound = key !== "__proto__" && key.isWellFormed();
      if (!isKeySound) Reflect.deleteProperty(holder, key);
      if (!isKeySound && key !== "__proto__") holder[key.toWellFormed()] = child;
      if (typeof child === "string" && !child.isWellFormed()) holder[key.toWellFormed()] = child.toWellFormed();
      else if (typeof child === "object") pending.push(child);
    }
  }
}
