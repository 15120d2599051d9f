import type { PromptContent, PromptFormat } from "@treadle/contract";
import { mustacheInputs } from "@treadle/sdk/mustache";

type Found = ReadonlySet<string>;

const WORD = String.raw`[\p{L}_][\p{L}\p{N}_]*`;

/** The inputs that a text names, as far as can be seen without running it; inside a section the names belong to its items. */
export function inputsIn(format: PromptFormat, text: string): Found {
  return format === "mustache" ? mustacheInputs(text) : inBlocks(text);
}

/** Words of Liquid and Jinja that stand where a name could. */
const NO_INPUTS = new Set([
  ...["true", "false", "nil", "none", "None", "empty", "blank", "not", "and", "or", "in", "is", "loop", "forloop"],
  ...["contains", "defined", "else", "if"],
]);

function inBlocks(text: string): Found {
  const names = new Set<string>();
  const own = new Set<string>();
  for (const [, name = ""] of text.matchAll(
    new RegExp(String.raw`\{%-?\s*(?:for|set|assign|capture)\s+(${WORD})`, "gu"),
  ))
    own.add(name);
  const places = [
    new RegExp(String.raw`\{\{-?\s*(${WORD})`, "gu"),
    new RegExp(String.raw`\{%-?\s*for\s+${WORD}\s+in\s+(${WORD})`, "gu"),
    new RegExp(String.raw`\{%-?\s*(?:if|elif|elsif|unless|case)\s+(?:not\s+)?(${WORD})`, "gu"),
  ];
  for (const place of places)
    for (const [, name = ""] of text.matchAll(place)) if (!own.has(name) && !NO_INPUTS.has(name)) names.add(name);
  return names;
}

type Templates = Pick<PromptContent, "format"> &
  (
    | { type: "text"; template: string }
    | { type: "chat"; messages: readonly ({ content: string } | { placeholder: string })[] }
  );

/** The inputs of a whole prompt: those its texts name, and the lists of messages it makes room for. */
export function inputsOf(content: Templates): { names: readonly string[]; placeholders: readonly string[] } {
  if (content.type === "text") return { names: [...inputsIn(content.format, content.template)], placeholders: [] };
  const placeholders = content.messages.flatMap((message) => ("placeholder" in message ? [message.placeholder] : []));
  const names = content.messages.flatMap((message) =>
    "content" in message ? [...inputsIn(content.format, message.content)] : [],
  );
  return { names: [...new Set(names)], placeholders: [...new Set(placeholders)] };
}
