import type { DatasetSchema, Item } from "@treadle/contract";
import { z } from "zod";
import { AppError } from "../../kernel/errors.ts";
import { nameRequired } from "./name-required.ts";

/** What is wrong with an item, with a JSON pointer to the place. */
export type ItemProblem = { readonly pointer: string; readonly message: string };
export type CheckItem = (item: Item) => ItemProblem | null;

const SECTIONS = ["inputs", "expected", "metadata"] as const;
const LONGEST_SCHEMA = 100_000;
const LONGEST_PATTERN = 300;
/** A group that repeats and holds something that repeats or alternates, and a reference back: such patterns can take for ever. */
const SLOW_PATTERN = /\((?:[^()\\]|\\.)*[+*{|](?:[^()\\]|\\.)*\)[+*{]|\\[1-9k]/;

/** Throws `invalid_request` for what is no JSON schema, or one that cannot be checked safely. */
function compile(section: string, schema: Readonly<Record<string, unknown>>): z.ZodType {
  if (JSON.stringify(schema).length > LONGEST_SCHEMA)
    throw badSchema(section, `it is longer than ${LONGEST_SCHEMA} characters`);
  checkPatterns(section, schema);
  try {
    // Inputs and metadata are objects always.
    const isObject =
      section !== "expected" && schema.type === undefined && ("required" in schema || "properties" in schema);
    return z.fromJSONSchema({ ...nameRequired(isObject ? { ...schema, type: "object" } : schema) });
  } catch (error) {
    throw badSchema(section, error instanceof Error ? error.message : String(error));
  }
}

/** A pattern is run over every item, so it must be quick. */
function checkPatterns(section: string, value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const patterns = key === "pattern" && typeof inner === "string" ? [inner] : patternKeys(key, inner);
    for (const pattern of patterns)
      if (pattern.length > LONGEST_PATTERN || SLOW_PATTERN.test(pattern))
        throw badSchema(
          section,
          `the pattern ${JSON.stringify(pattern.slice(0, 60))} repeats a group that repeats or alternates itself, or is too long`,
        );
    checkPatterns(section, inner);
  }
}

const patternKeys = (key: string, inner: unknown) =>
  key === "patternProperties" && typeof inner === "object" && inner !== null ? Object.keys(inner) : [];

/** A function that holds items against a dataset's schema. Throws `invalid_request` for a schema that is none. */
export function createItemCheck(schema: DatasetSchema): CheckItem {
  const checks = SECTIONS.flatMap((section) => {
    const own = schema[section];
    return own === null ? [] : [{ section, type: compile(section, own) }];
  });
  return function check(item) {
    for (const { section, type } of checks) {
      const issue = type.safeParse(item[section]).error?.issues[0];
      if (issue) return { pointer: pointerOf([section, ...issue.path]), message: issue.message };
    }
    return null;
  };
}

export const hasSchema = (schema: DatasetSchema) => SECTIONS.some((section) => schema[section] !== null);

const pointerOf = (path: readonly PropertyKey[]) =>
  path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

const badSchema = (section: string, why: string) =>
  new AppError("invalid_request", {
    message: `\`schema.${section}\` is no JSON schema that can be used: ${why}.`,
    details: { field: `schema.${section}` },
  });

/** Of an item that a person or a program wrote. */
export const breaksSchema = ({ itemId }: Item, { pointer, message }: ItemProblem) =>
  new AppError("unprocessable", {
    message: `The item "${itemId}" breaks the dataset's schema at ${pointer}: ${message}. Correct it, or change the schema.`,
    details: { itemId, pointer, message },
  });
