import { Ajv, type ErrorObject, type Options } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { messageOf } from "../../kernel/message-of.ts";
import { compileRegex } from "./compile-regex.ts";

/** Where a value does not match a schema, as a JSON pointer into the value (RFC 6901), and why. */
export type SchemaProblem = { readonly pointer: string; readonly message: string };
export type SchemaCheck = (value: unknown) => readonly SchemaProblem[];

const LONGEST_SCHEMA = 100_000;
const DEEPEST = 40;
/** Drafts before 2019-09 have lists of schemas under `items`. */
const OLD_DRAFT = /json-schema\.org\/(draft-0[467]\/)?schema/;

/** Matches the patterns of a schema in time that grows with the length of the text only. */
const linear = Object.assign(
  (pattern: string, flags: string) => {
    const matches = compileRegex(pattern, flags.replace("u", ""));
    // Ajv identifies patterns by their text.
    return { test: (text: string) => matches(text) !== null, toString: () => `/${pattern}/${flags}` };
  },
  { code: "linear" },
);

const OPTIONS: Options = { allErrors: false, strict: false, logger: false, code: { regExp: linear } };

/**
 * Compiles a JSON schema of a user: draft 2020-12, or the draft that `$schema` names. A check stops at the first problem.
 * Throws an `Error` with the reason for a schema that is invalid, too large or too deep, or that points outside itself.
 */
export function compileSchema({ $schema, ...schema }: Readonly<Record<string, unknown>>): SchemaCheck {
  if (JSON.stringify(schema).length > LONGEST_SCHEMA) throw new Error(`it is longer than ${LONGEST_SCHEMA} characters`);
  refuseUnsafe(schema, 0);
  const isOld = typeof $schema === "string" && OLD_DRAFT.test($schema);
  const ajv = isOld ? new Ajv(OPTIONS) : new Ajv2020(OPTIONS);
  formats.default(ajv);
  try {
    const validate = ajv.compile(schema);
    return (value) => (validate(value) ? [] : (validate.errors ?? []).map(toProblem));
  } catch (cause) {
    throw new Error(messageOf(cause).replace(/^schema is invalid: data/, "at schema"), { cause });
  }
}

function refuseUnsafe(value: unknown, depth: number): void {
  if (typeof value !== "object" || value === null) return;
  if (depth > DEEPEST) throw new Error(`it is nested more than ${DEEPEST} levels deep`);
  for (const [name, inner] of Object.entries(value)) {
    if (name === "$ref" && typeof inner === "string" && !inner.startsWith("#"))
      throw new Error(`\`$ref\` "${inner.slice(0, 80)}" points outside the schema; move its target under \`$defs\``);
    if (name === "$async") throw new Error("`$async` is not supported");
    refuseUnsafe(inner, depth + 1);
  }
}

const UNTOLD = "does not match the schema";

/** A missing property is a problem at its own place, and a property that is not allowed is named. */
function toProblem({ instancePath, keyword, params, message = UNTOLD }: ErrorObject): SchemaProblem {
  if (keyword === "required") return { pointer: `${instancePath}/${escapePart(params.missingProperty)}`, message };
  if (keyword === "additionalProperties")
    return { pointer: instancePath, message: `${message}: ${JSON.stringify(params.additionalProperty)}` };
  return { pointer: instancePath, message };
}

const escapePart = (part: unknown) => String(part).replaceAll("~", "~0").replaceAll("/", "~1");
