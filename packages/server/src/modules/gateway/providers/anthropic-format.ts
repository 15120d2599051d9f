import type { ChatRequest } from "@treadle/contract";
import { readFormat } from "../wires/chat-request.ts";
import type { JsonRecord } from "../wires/json.ts";

/** The tool that stands for "answer in this shape" on models without structured output; its call is read back as the answer's text. */
export const ANSWER_TOOL = "treadle_answer";

/** How a model is brought to answer in JSON. */
export type FormatPlan =
  | { readonly kind: "text" }
  | { readonly kind: "schema"; readonly name: string; readonly description: string; readonly schema: JsonRecord }
  | { readonly kind: "tool"; readonly description: string; readonly schema: JsonRecord }
  | { readonly kind: "words"; readonly text: string };

type Abilities = { readonly hasStructuredOutput: boolean; readonly canForceTool: boolean };

/**
 * JSON output, decided by what the model can do: the API's own structured output; else a tool that must be called, unless the
 * caller has tools of its own; else, and for `json_object`, a sentence in the system prompt and a warning that nothing enforces it.
 */
export function planFormat(
  request: ChatRequest,
  { hasStructuredOutput, canForceTool }: Abilities,
  warnings: string[],
): FormatPlan {
  const format = readFormat(request);
  if (format.type === "text") return { kind: "text" };
  if (format.type === "json_schema") {
    const { name, description, schema } = format;
    if (hasStructuredOutput) return { kind: "schema", name, description, schema };
    if (canForceTool)
      return {
        kind: "tool",
        description: description || "Give the answer in this shape.",
        schema: { type: "object", ...schema },
      };
  }
  warnings.push("This model cannot be held to `response_format`; it was asked for JSON in words, so check the answer.");
  const shape = format.type === "json_schema" ? ` It must fit this JSON schema: ${JSON.stringify(format.schema)}` : "";
  return { kind: "words", text: `Answer with one JSON object and nothing else, without a code fence.${shape}` };
}
