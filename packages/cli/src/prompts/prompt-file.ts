import { type Document, parseDocument, stringify } from "yaml";
import { UsageError } from "../shared/usage-error.ts";
import type { Content } from "./prompt-content.ts";

/** A prompt as a file holds it. `version` is the one it was pulled as or pushed as; null when it never was. */
export type PromptFile = {
  readonly name: string;
  readonly version: number | null;
  readonly description: string;
  readonly tags: readonly string[];
  readonly content: Content;
};

const KEYS = [
  ...["name", "version", "description", "tags", "type", "format", "template", "messages"],
  ...["inputs", "model", "parameters", "tools", "responseFormat"],
];
const LONGEST = 4_000_000;

/** The file of a prompt: YAML, long texts as they read, and nothing that is not set. */
export function writePromptFile({ name, version, description, tags, content }: PromptFile): string {
  const { type, format, inputs, model, parameters, tools, responseFormat } = content;
  const value = {
    name,
    ...(version !== null && { version }),
    ...(description && { description }),
    ...(tags.length > 0 && { tags }),
    type,
    ...(format !== "mustache" && { format }),
    ...(content.type === "text" ? { template: content.template } : { messages: content.messages }),
    ...(inputs && { inputs }),
    ...(model && { model }),
    ...(Object.keys(parameters).length > 0 && { parameters }),
    ...(tools.length > 0 && { tools }),
    ...(responseFormat && { responseFormat }),
  };
  const text = stringify(value, { lineWidth: 0, blockQuote: "literal", aliasDuplicateObjects: false });
  // Some texts, such as those with a carriage return, are only kept whole between quotes.
  return JSON.stringify(parseDocument(text).toJS()) === JSON.stringify(value)
    ? text
    : stringify(value, { lineWidth: 0, defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" });
}

/** Reads the file of a prompt. Throws an `Error` that names the file, and the line where there is one. What the texts say is the server's to judge. */
export function readPromptFile(text: string, path: string): PromptFile {
  const value = read(text, path).toJS({ maxAliasCount: 50 });
  const refuse = (why: string) => new UsageError(`${path}: ${why}`);
  if (!isObject(value))
    throw refuse("this is not a prompt. A prompt starts with a line such as `name: support/reply`.");
  const strange = Object.keys(value).find((key) => !KEYS.includes(key));
  if (strange) throw refuse(`\`${strange}\` is not a known key. Keys: ${KEYS.join(", ")}.`);
  const { name, version = null, description = "", tags = [] } = value;
  if (typeof name !== "string" || name === "")
    throw refuse("`name` is missing. Add a line such as `name: support/reply`.");
  if (version !== null && !(Number.isInteger(version) && Number(version) > 0))
    throw refuse("`version` must be the number of the pulled version. Remove it for a new prompt.");
  if (typeof description !== "string") throw refuse("`description` must be text.");
  if (!isListOf(tags, "string")) throw refuse("`tags` must be a list of words.");
  return {
    name,
    version: version === null ? null : Number(version),
    description,
    tags,
    content: contentIn(value, refuse),
  };
}

/** The same file with the number of the version that it is now; comments and order stay. */
export function withVersion(text: string, version: number): string {
  const document = parseDocument(text);
  const isNew = !document.has("version");
  document.set("version", version);
  if (isNew && isListOfPairs(document.contents)) {
    const items: unknown[] = document.contents.items;
    items.splice(1, 0, ...items.splice(-1));
  }
  return document.toString({ lineWidth: 0 });
}

const isListOfPairs = (contents: unknown): contents is { items: unknown[] } =>
  isObject(contents) && Array.isArray(contents.items);

function read(text: string, path: string): Document {
  if (text.length > LONGEST) throw new UsageError(`${path}: the file is larger than the limit of ${LONGEST / 1e6} MB.`);
  const document = parseDocument(text, { prettyErrors: false });
  const [error] = document.errors;
  if (!error) return document;
  const line = text.slice(0, error.pos[0]).split("\n").length;
  throw new UsageError(`${path}, line ${line}: invalid YAML: ${error.message}`);
}

function contentIn(value: Readonly<Record<string, unknown>>, refuse: (why: string) => Error): Content {
  const { template, messages, model = null, format = "mustache" } = value;
  const type = value.type ?? (messages === undefined ? "text" : "chat");
  if (type !== "text" && type !== "chat") throw refuse("`type` must be text or chat.");
  if (format !== "mustache" && format !== "liquid" && format !== "jinja")
    throw refuse("`format` must be mustache, liquid or jinja.");
  if (model !== null && typeof model !== "string") throw refuse("`model` must be the name of a model.");
  const object = (name: string) => {
    const part = value[name] ?? null;
    if (part === null || isObject(part)) return part;
    throw refuse(`\`${name}\` must contain names and values.`);
  };
  const tools = value.tools ?? [];
  if (!isListOf(tools, "object")) throw refuse("`tools` must be a list of tools.");
  const settings = {
    format,
    model,
    tools,
    inputs: object("inputs"),
    parameters: object("parameters") ?? {},
    responseFormat: object("responseFormat"),
  } as const;
  if (type === "text") {
    if (typeof template !== "string" || messages !== undefined)
      throw refuse("a text prompt needs a `template` and no `messages`.");
    return { type, template, ...settings };
  }
  if (!Array.isArray(messages) || template !== undefined)
    throw refuse("a chat prompt needs a list of `messages` and no `template`.");
  return { type, messages: messages.map((message, at) => messageIn(message, at, refuse)), ...settings };
}

type Message = Extract<Content, { type: "chat" }>["messages"][number];

const ROLES = ["system", "developer", "user", "assistant", "tool"] as const;

function messageIn(message: unknown, at: number, refuse: (why: string) => Error): Message {
  if (isObject(message)) {
    const { role, content, placeholder } = message;
    const known = ROLES.find((name) => name === role);
    if (typeof placeholder === "string" && Object.keys(message).length === 1) return { placeholder };
    if (known && typeof content === "string" && Object.keys(message).length === 2) return { role: known, content };
  }
  throw refuse(
    `message ${at + 1} must have a \`role\` (${ROLES.join(", ")}) and its \`content\` as text, or only a \`placeholder\`.`,
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function isListOf(value: unknown, type: "string"): value is string[];
function isListOf(value: unknown, type: "object"): value is Record<string, unknown>[];
function isListOf(value: unknown, type: "string" | "object"): boolean {
  return Array.isArray(value) && value.every((item) => (type === "object" ? isObject(item) : typeof item === type));
}
