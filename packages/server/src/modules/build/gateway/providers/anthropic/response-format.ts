import type { ChatRequest } from "@treadle/contract";
import { readFormat } from "../../formats/hub/chat-request.ts";
import type { JsonRecord } from "../../formats/hub/json.ts";

/** A tool that replaces structured output, for models without it. Its call becomes the text of the answer. */
export const ANSWER_TOOL = "treadle_answer";

/** The way to make a model answer in JSON. */
export type FormatPlan =
  | { readonly kind: "text" }
  | { readonly kind: "schema"; readonly name: string; readonly description: string; readonly schema: JsonRecord }
  | { readonly kind: "tool"; readonly description: string; readonly schema: JsonRecord }
  | { readonly kind: "words"; readonly text: string };

type Abilities = { readonly hasStructuredOutput: boolean; readonly canForceTool: boolean };

/**
 * JSON output, by the abilities of the model: the API's own structured output; otherwise a forced tool call, unless the caller
 * sends tools. In all other cases, and for `json_object`: a sentence in the system prompt, with a warning that nothing enforces it.
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
