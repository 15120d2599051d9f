import { AppError } from "../../../kernel/errors.ts";
import { isRecord } from "../../../kernel/is-record.ts";

export type Schema = Readonly<Record<string, unknown>>;

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

/** Unsupported parts of a schema, by their place. One error names them all. */
export function createComplaints() {
  const problems: { at: string; why: string }[] = [];
  return {
    add(at: string, why: string) {
      problems.push({ at, why });
    },
    /** Notes every keyword that the caller does not handle. */
    checkKeywords(schema: Schema, at: string, handled: readonly string[]) {
      for (const keyword of Object.keys(schema)) {
        if (!ANNOTATIONS.has(keyword) && !handled.includes(keyword))
          problems.push({ at, why: `\`${keyword}\` is not supported` });
      }
    },
    throwIfAny() {
      if (problems.length === 0) return;
      const list = problems.slice(0, 10).map(({ at, why }) => `${at}: ${why}`);
      throw new AppError("invalid_request", {
        message: `The local engine cannot enforce this JSON schema. ${list.join("; ")}. Remove these parts or use a simpler schema.`,
        details: { unsupported: problems },
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
    if (!isRecord(at)) return undefined;
    const key = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
    if (!Object.hasOwn(at, key)) return undefined;
    at = at[key];
  }
  return at;
}
