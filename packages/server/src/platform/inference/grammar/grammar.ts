import { isRecord } from "../../../kernel/is-record.ts";
import type { GenerateRequest, InferenceTool } from "../port.ts";
import { schemaExpression, type Walk } from "./json-schema.ts";
import { COLON, COMMA, createRules, literal } from "./rules.ts";
import { createComplaints, type Schema } from "./schema-walk.ts";

/**
 * GBNF that holds a model to JSON of a schema; `{}` means any JSON object.
 * Throws `invalid_request` that names each part of the schema a grammar cannot promise.
 */
export function jsonGrammar(schema: object): string {
  const rules = createRules();
  if (Object.keys(schema).length === 0) {
    rules.set("root", rules.shared("object"));
    return rules.text();
  }
  const complaints = createComplaints();
  rules.set("root", expression({ rules, complaints }, schema, "#"));
  complaints.throwIfAny();
  return rules.text();
}

/**
 * GBNF for one call, `{"name":…,"arguments":…}`, of one of the tools, with arguments that fit the tool's parameters.
 * `end` is the text that closes a call in the model's own notation.
 */
export function toolCallGrammar(tools: readonly InferenceTool[], end = ""): string {
  const rules = createRules();
  const complaints = createComplaints();
  const calls = tools.map((tool) => {
    const parameters =
      isRecord(tool.parameters) && Object.keys(tool.parameters).length > 0 ? tool.parameters : { type: "object" };
    const value = expression({ rules, complaints }, parameters, `tool ${tool.name}`);
    return rules.add(
      `${literal('{"name"')} ${COLON} ${literal(JSON.stringify(tool.name))} ${COMMA} ${literal('"arguments"')} ${COLON} ${value} "}"`,
      "call",
    );
  });
  complaints.throwIfAny();
  rules.set("root", end === "" ? calls.join(" | ") : `[ \\n]{0,2} (${calls.join(" | ")}) [ \\n]{0,2} ${literal(end)}`);
  return rules.text();
}

function expression(parts: Pick<Walk, "rules" | "complaints">, schema: object, at: string) {
  const root: Schema = isRecord(schema) ? schema : {};
  return schemaExpression({ ...parts, root, refs: new Map() }, schema, { at, depth: 0 });
}

/** The tools that a request lets the model call. */
export function allowedTools({
  tools,
  toolChoice,
}: Pick<GenerateRequest, "tools" | "toolChoice">): readonly InferenceTool[] {
  if (toolChoice === "none") return [];
  return typeof toolChoice === "object" ? tools.filter((tool) => tool.name === toolChoice.name) : tools;
}
