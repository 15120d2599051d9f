import { AppError } from "../../../kernel/errors.ts";

export type Schema = Readonly<Record<string, unknown>>;

export const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Keywords that only describe; they change nothing about which JSON is valid. */
const ANNOTATIONS = new Set([
  "$schema",
  "$id",
  "$comment",
  "$defs",
  "definitions",
  "title",
  "description",
  "default",
  "examples",
  "example",
  "deprecated",
  "readOnly",
  "writeOnly",
  "strict",
]);

/** What of a schema cannot be promised, by the place it stands at. One error names them all. */
export function createComplaints() {
  const found: { at: string; why: string }[] = [];
  return {
    add(at: string, why: string) {
      found.push({ at, why });
    },
    /** Notes every keyword that the caller does not handle. */
    checkKeywords(schema: Schema, at: string, handled: readonly string[]) {
      for (const keyword of Object.keys(schema)) {
        if (!ANNOTATIONS.has(keyword) && !handled.includes(keyword))
          found.push({ at, why: `\`${keyword}\` is not supported` });
      }
    },
    throwIfAny() {
      if (found.length === 0) return;
      const list = found.slice(0, 10).map(({ at, why }) => `${at}: ${why}`);
      throw new AppError("invalid_request", {
        message: `A local model cannot be held to this JSON schema. ${list.join("; ")}. Leave these out or use a simpler schema.`,
        details: { unsupported: found },
      });
    },
  };
}
export type Complaints = ReturnType<typeof createComplaints>;

/** Follows `#/a/b` from the root. */
export function resolvePointer(root: Schema, pointer: string): unknown {
  if (pointer === "#") return root;
  if (!pointer.startsWith("#/")) return undefined;
  let at: unknown = root;
  for (const part of pointer.slice(2).split("/")) {
    if (!isSchema(at)) return undefined;
    const key = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
    if (!Object.hasOwn(at, key)) return undefined;
    at = at[key];
  }
  return at;
}
