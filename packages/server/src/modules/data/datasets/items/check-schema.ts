import type { DatasetSchema, Item } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { messageOf } from "../../../../kernel/message-of.ts";
import {
  compileSchema,
  type SchemaCheck,
  type SchemaProblem,
} from "../../../../platform/json-schema/compile-schema.ts";

/** The problem of an item, with a JSON pointer to the place. */
export type ItemProblem = SchemaProblem;
export type CheckItem = (item: Item) => ItemProblem | null;

const SECTIONS = ["inputs", "expected", "metadata"] as const;

/** Throws `invalid_request` for a schema that cannot be used. */
function compile(section: string, schema: Readonly<Record<string, unknown>>): SchemaCheck {
  try {
    return compileSchema(schema);
  } catch (cause) {
    throw new AppError("invalid_request", {
      message: `\`schema.${section}\` is not a usable JSON schema: ${messageOf(cause)}.`,
      details: { field: `schema.${section}` },
      cause,
    });
  }
}

/** A function that validates items against a dataset's schema. Throws `invalid_request` for an invalid schema. */
export function createItemCheck(schema: DatasetSchema): CheckItem {
  const checks = SECTIONS.flatMap((section) => {
    const own = schema[section];
    return own === null ? [] : [{ section, check: compile(section, own) }];
  });
  return function check(item) {
    for (const { section, check } of checks) {
      const [problem] = check(item[section]);
      if (problem) return { ...problem, pointer: `/${section}${problem.pointer}` };
    }
    return null;
  };
}

export const hasSchema = (schema: DatasetSchema) => SECTIONS.some((section) => schema[section] !== null);

/** For an item that a person or a program wrote. */
export const breaksSchema = ({ itemId }: Item, { pointer, message }: ItemProblem) =>
  new AppError("unprocessable", {
    message: `The item "${itemId}" does not match the dataset's schema at ${pointer}: ${message}. Correct the item, or change the schema.`,
    details: { itemId, pointer, message },
  });
