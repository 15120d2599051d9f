import type { PromptContent } from "@treadle/contract";
import { DEFAULT_PROMPT_LABEL, PromptLabel, PromptName } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { TEMPLATE_LIMITS } from "../templates/template.ts";

/** A prompt that a text includes: by the digits of a version, or by a label. */
export type Include = { readonly name: string; readonly reference: string };
/** The version that an include refers to. Undefined if there is none. */
export type FindIncluded = (include: Include) => Promise<{ version: number; content: PromptContent } | undefined>;

/** The content with every include in its place, and the version that each stands for. */
export type Expanded = { readonly content: PromptContent; readonly included: Readonly<Record<string, number>> };

const DEEPEST = 10;
const MOST_INCLUDES = 100;

export const nameOfInclude = ({ name, reference }: Include) => `${name}@${reference}`;

/** The includes of a content, each once. Throws `unprocessable` for invalid includes. */
export function includesOf(content: PromptContent): Include[] {
  const includes = textsOf(content).flatMap((text) => partsOf(text).filter((part) => typeof part !== "string"));
  return [...new Map(includes.map((include) => [nameOfInclude(include), include])).values()];
}

/**
 * Puts the texts of other prompts in the places of their includes, however deep. `names` are the prompts that lead here.
 * Throws `unprocessable` for a cycle, for what does not exist or does not fit, and for what becomes too much.
 */
export async function expandIncludes(
  content: PromptContent,
  { names, find }: { names: readonly string[]; find: FindIncluded },
): Promise<Expanded> {
  const included: Record<string, number> = {};
  const known = new Map<string, string>();

  async function textOf(include: Include, path: readonly string[]): Promise<string> {
    const key = nameOfInclude(include);
    refusePath(include, path);
    const ready = known.get(key);
    if (ready !== undefined) return ready;
    const prompt = await find(include);
    if (!prompt)
      throw refusal(
        `it includes ${key}, which does not exist. Create that prompt, or give one of its versions this label, or correct the include.`,
      );
    if (prompt.content.type !== "text")
      throw refusal(`it includes ${key}, which is a chat prompt. Only text prompts can be included.`);
    if (prompt.content.format !== content.format)
      throw refusal(
        `it is written in ${content.format} and includes ${key}, which is written in ${prompt.content.format}.`,
      );
    included[key] = prompt.version;
    if (Object.keys(included).length > MOST_INCLUDES)
      throw refusal(`it includes more than ${MOST_INCLUDES} other prompts, counting nested includes.`);
    const text = await fill(prompt.content.template, [...path, include.name]);
    known.set(key, text);
    return text;
  }

  async function fill(text: string, path: readonly string[]): Promise<string> {
    if (!text.includes("{{>")) return text;
    let whole = "";
    for (const part of partsOf(text)) {
      whole += typeof part === "string" ? part : await textOf(part, path);
      if (whole.length > TEMPLATE_LIMITS.source)
        throw refusal(`it becomes longer than ${TEMPLATE_LIMITS.source} characters with its includes.`);
    }
    return whole;
  }

  if (content.type === "text") {
    const template = await fill(content.template, names);
    return { content: { ...content, template }, included };
  }
  const messages = [];
  for (const message of content.messages)
    messages.push("placeholder" in message ? message : { ...message, content: await fill(message.content, names) });
  return { content: { ...content, messages }, included };
}

function refusePath({ name }: Include, path: readonly string[]): void {
  if (path.includes(name))
    throw refusal(`its includes form a cycle: ${[...path.slice(path.indexOf(name)), name].join(" → ")}.`);
  if (path.length > DEEPEST) throw refusal(`its includes are nested more than ${DEEPEST} levels deep.`);
}

const textsOf = (content: PromptContent) =>
  content.type === "text"
    ? [content.template]
    : content.messages.flatMap((message) => ("placeholder" in message ? [] : [message.content]));

/** The text in pieces: plain text, and the includes between. */
function partsOf(text: string): (string | Include)[] {
  const parts: (string | Include)[] = [];
  let at = 0;
  for (let from = text.indexOf("{{>"); from >= 0; from = text.indexOf("{{>", at)) {
    const end = text.indexOf("}}", from);
    if (end < 0) throw refusal("an include starts with `{{>` but is never closed with `}}`.");
    parts.push(text.slice(at, from), readInclude(text.slice(from + 3, end).trim()));
    at = end + 2;
  }
  parts.push(text.slice(at));
  return parts;
}

function readInclude(written: string): Include {
  const [name = "", reference = DEFAULT_PROMPT_LABEL, ...rest] = written.split("@").map((part) => part.trim());
  const isReference = /^[1-9]\d{0,8}$/.test(reference) || PromptLabel.safeParse(reference).success;
  if (rest.length === 0 && isReference && PromptName.safeParse(name).success) return { name, reference };
  throw refusal(
    `the include \`${written.slice(0, 80)}\` is not valid. Write {{> name@label}} or {{> name@3}}. A name alone means the label ${DEFAULT_PROMPT_LABEL}.`,
  );
}

const refusal = (why: string) =>
  new AppError("unprocessable", {
    message: `The prompt cannot be assembled: ${why}`,
    details: { param: "template" },
  });
