import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import { z } from "zod";
import { AppError } from "../../../kernel/errors.ts";
import { jsonIn } from "../json-in.ts";
import { compileRegex } from "../regex/match.ts";
import { defineKind, failed, truth, YES_NO } from "./kind.ts";

const Params = z.strictObject({
  schema: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("A JSON schema (draft 2020-12) that the value must keep to; without one, any JSON will do."),
  isFenced: z
    .boolean()
    .default(true)
    .describe("The JSON may stand in a code fence, with words around it. Otherwise the whole answer must be JSON."),
});

const MOST_CHARACTERS = 1_000_000;
const MOST_TOLD = 3;
const DEEPEST = 40;

export const jsonSchema = defineKind({
  id: "json-schema",
  label: "Valid JSON",
  group: "structure",
  summary:
    "Whether the answer is JSON that keeps to a schema. A misshapen answer is wrong; one beyond 1,000,000 characters fails.",
  params: Params,
  output: YES_NO,
  needs: [],
  open({ schema, isFenced }) {
    const validate = compileSchema(schema);
    return ({ output }) => {
      if (output.length > MOST_CHARACTERS) return failed(`The answer has more than ${MOST_CHARACTERS} characters.`);
      const read = jsonIn(output, isFenced);
      if ("reason" in read) return truth(false, read.reason);
      if (validate(read.value)) return truth(true);
      return truth(false, (validate.errors ?? []).slice(0, MOST_TOLD).map(inWords).join("; "));
    };
  },
});

/** Patterns of a schema are matched in time that grows with the text only. */
const linear = Object.assign(
  (pattern: string, flags: string) => {
    const matches = compileRegex(pattern, flags.replace("u", ""));
    // Ajv tells patterns apart by what they are as text.
    return { test: (text: string) => matches(text) !== null, toString: () => `/${pattern}/${flags}` };
  },
  { code: "linear" },
);

function compileSchema(schema: Readonly<Record<string, unknown>>): ValidateFunction {
  refuseSchema(schema, 0);
  const ajv = new Ajv2020({
    allErrors: false,
    strict: false,
    validateFormats: false,
    logger: false,
    code: { regExp: linear },
  });
  try {
    return ajv.compile(schema);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw badSchema(why.replace(/^schema is invalid: data/, "at schema"), cause);
  }
}

function refuseSchema(value: unknown, depth: number): void {
  if (typeof value !== "object" || value === null) return;
  if (depth > DEEPEST) throw badSchema(`it is nested more than ${DEEPEST} deep`);
  for (const [name, inner] of Object.entries(value)) {
    if (name === "$ref" && typeof inner === "string" && !inner.startsWith("#"))
      throw badSchema(`\`$ref\` "${inner.slice(0, 80)}" leads elsewhere; put what it names under \`$defs\``);
    if (name === "$async") throw badSchema("`$async` is not known here");
    refuseSchema(inner, depth + 1);
  }
}

const badSchema = (why: string, cause?: unknown) =>
  new AppError("unprocessable", {
    message: `The JSON schema cannot be used: ${why}.`,
    details: { param: "schema" },
    cause,
  });

const inWords = ({ instancePath, message = "is not what the schema says" }: ErrorObject) =>
  `${instancePath === "" ? "the value" : instancePath} ${message}`;
