import { isUtf8 } from "node:buffer";
import { AppError } from "../../kernel/errors.ts";
import { scanJson } from "./scan-json.ts";

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
  // A key can be spelled with escapes, which only appear as such in the text.
  if (text.includes("__proto__") || text.includes("u00")) dropPrototypeKeys(value);
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

/** JSON.parse makes `__proto__` an ordinary own key, but a later copy of the object could set its prototype with it. */
function dropPrototypeKeys(root: unknown) {
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== "object" || value === null) continue;
    if (Object.hasOwn(value, "__proto__")) Reflect.deleteProperty(value, "__proto__");
    for (const child of Object.values(value)) pending.push(child);
  }
}
