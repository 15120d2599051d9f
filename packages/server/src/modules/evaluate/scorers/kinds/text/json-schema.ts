import { z } from "zod";
import { AppError } from "../../../../../kernel/errors.ts";
import { messageOf } from "../../../../../kernel/message-of.ts";
import {
  compileSchema,
  type SchemaCheck,
  type SchemaProblem,
} from "../../../../../platform/json-schema/compile-schema.ts";
import { jsonIn } from "../../scoring/json-in.ts";
import { defineKind, failed, truth, YES_NO } from "../../scoring/kind.ts";

const Params = z.strictObject({
  schema: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("A JSON schema (draft 2020-12) for the value. Leave it empty to accept any JSON."),
  isFenced: z
    .boolean()
    .default(true)
    .describe("Accepts JSON inside a code fence or with words around it. Otherwise the whole answer must be JSON."),
});

const MOST_CHARACTERS = 1_000_000;

export const jsonSchema = defineKind({
  id: "json-schema",
  label: "Valid JSON",
  group: "structure",
  summary:
    "Checks whether the answer is JSON that matches a schema. Invalid JSON is wrong. An answer of more than 1,000,000 characters fails.",
  params: Params,
  output: YES_NO,
  needs: [],
  open({ schema, isFenced }) {
    const check = compile(schema);
    return ({ output }) => {
      if (output.length > MOST_CHARACTERS) return failed(`The answer has more than ${MOST_CHARACTERS} characters.`);
      const read = jsonIn(output, isFenced);
      if ("reason" in read) return truth(false, read.reason);
      const [problem] = check(read.value);
      return problem ? truth(false, inWords(problem)) : truth(true);
    };
  },
});

function compile(schema: Readonly<Record<string, unknown>>): SchemaCheck {
  try {
    return compileSchema(schema);
  } catch (cause) {
    throw new AppError("unprocessable", {
      message: `The JSON schema cannot be used: ${messageOf(cause)}.`,
      details: { param: "schema" },
      cause,
    });
  }
}

const inWords = ({ pointer, message }: SchemaProblem) => `${pointer === "" ? "the value" : pointer} ${message}`;
