import { AppError } from "../../kernel/errors.ts";
import { textTooLong } from "./context-length.ts";
import { allowedTools, jsonGrammar, toolCallGrammar } from "./grammar/grammar.ts";
import type { GenerateRequest, LogprobsRequest } from "./port.ts";
import type { GenerateOrder } from "./protocol.ts";

/** Decides what needs no model: which tools may be called and the grammar of the answer. Throws `invalid_request` for what cannot be held to. */
export function toOrder(request: GenerateRequest): GenerateOrder {
  const { jsonSchema, toolChoice, ...rest } = request;
  const tools = allowedTools(request);
  const isForcedCall = toolChoice === "required" || typeof toolChoice === "object";
  if (isForcedCall && tools.length === 0) throw new AppError("invalid_request", { message: missingTool(request) });
  if (isForcedCall && jsonSchema !== null) {
    throw new AppError("invalid_request", {
      message:
        "A forced tool call and a JSON response exclude each other. Leave out `response_format` or `tool_choice`.",
    });
  }
  const grammar = isForcedCall ? toolCallGrammar(tools) : jsonSchema === null ? null : jsonGrammar(jsonSchema);
  checkLogprobs(request, grammar);
  const mayCall = !isForcedCall && tools.length > 0 && jsonSchema === null;
  return {
    ...rest,
    tools,
    isForcedCall,
    grammar,
    callGrammar: mayCall ? toolCallGrammar(tools, "</tool_call>") : null,
  };
}

const missingTool = ({ toolChoice }: GenerateRequest) =>
  typeof toolChoice === "object"
    ? `\`tool_choice\` names "${toolChoice.name}", which is not in \`tools\`.`
    : "`tool_choice` requires a tool call, but the request has no tools. Add `tools` or leave out `tool_choice`.";

/** Under a grammar the engine itself must draw, and then a nucleus would hide the model's own probabilities. */
function checkLogprobs({ topLogprobs, temperature, topP }: GenerateRequest, grammar: string | null) {
  if (topLogprobs === null || grammar === null || temperature === 0 || topP === null || topP >= 1) return;
  throw new AppError("invalid_request", {
    message: "Log-probabilities of structured output need `temperature` 0 or `top_p` 1. Change one of them.",
  });
}

/** No model here holds as much; cutting it into tokens to say so would keep the others waiting. */
const MAX_TEXT_CHARACTERS = 1_000_000;

/** Throws `invalid_request` for a text that is too long. */
export function checkTextLength({ text }: Pick<LogprobsRequest, "text">): void {
  if (text.length <= MAX_TEXT_CHARACTERS) return;
  throw textTooLong({
    param: "text",
    message: `The text has ${text.length} characters, more than the maximum context length of any local model (at most ${MAX_TEXT_CHARACTERS} characters). Shorten the text, or measure it in parts.`,
  });
}
