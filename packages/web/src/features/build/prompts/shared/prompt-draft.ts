import { type PROMPT_ROLES, PromptContent, type PromptFormat } from "@treadle/contract";
import type { PromptVersion } from "./use-prompts.ts";

export type PromptRole = (typeof PROMPT_ROLES)[number];
/** One message of a chat prompt in the editor. `id` identifies it when it moves. */
export type DraftMessage =
  | { readonly id: string; readonly role: PromptRole; readonly content: string }
  | { readonly id: string; readonly placeholder: string };
/** A prompt while it is written: what is JSON is text here, since it may be wrong for a while. */
export type Draft = {
  /** The newest version when the writing began; 0 for a new prompt. */
  readonly base: number;
  readonly type: "text" | "chat";
  readonly format: PromptFormat;
  readonly template: string;
  readonly messages: readonly DraftMessage[];
  readonly inputs: string;
  readonly model: string;
  readonly parameters: Readonly<Record<string, number | undefined>>;
  readonly moreParameters: string;
  readonly tools: string;
  readonly responseFormat: string;
};

/** Parameters with a separate field. */
export const NUMBER_PARAMETERS = ["temperature", "max_tokens", "top_p", "seed"] as const;

const newId = () => crypto.randomUUID().slice(0, 8);

export const newMessage = (role: PromptRole, content = ""): DraftMessage => ({ id: newId(), role, content });
export const newPlaceholder = (): DraftMessage => ({ id: newId(), placeholder: "history" });

/** Something to begin with, so that the first preview shows how inputs work. */
export const newDraft = (): Draft => ({
  base: 0,
  type: "chat",
  format: "mustache",
  template: "Answer in two sentences: {{question}}",
  messages: [newMessage("system", "You answer in two or three plain sentences."), newMessage("user", "{{question}}")],
  inputs: "",
  model: "",
  parameters: {},
  moreParameters: "",
  tools: "",
  responseFormat: "",
});

const written = (value: unknown) => JSON.stringify(value, null, 2);
const isFilled = (value: object) => Object.keys(value).length > 0;

/** What is to be changed of a version. `latest` is the newest one by now. */
export function draftFrom(version: PromptVersion, latest: number): Draft {
  const { type, format, inputs, model, parameters, tools, responseFormat } = version;
  const numbers = NUMBER_PARAMETERS.filter((name) => typeof parameters[name] === "number");
  const more = Object.fromEntries(
    Object.entries(parameters).filter(([name]) => !numbers.some((number) => number === name)),
  );
  const empty = newDraft();
  return {
    base: latest,
    type,
    format,
    template: type === "text" ? version.template : empty.template,
    messages: type === "chat" ? version.messages.map((message) => ({ ...message, id: newId() })) : empty.messages,
    inputs: inputs ? written(inputs) : "",
    model: model ?? "",
    parameters: Object.fromEntries(numbers.map((name) => [name, Number(parameters[name])])),
    moreParameters: isFilled(more) ? written(more) : "",
    tools: tools.length > 0 ? written(tools) : "",
    responseFormat: responseFormat ? written(responseFormat) : "",
  };
}

/** The field that a problem belongs to, and the sentence. */
export type Problems = Readonly<Record<string, string>>;

const LABELS = { inputs: "object", moreParameters: "object", tools: "list", responseFormat: "object" } as const;

/** The content of a draft, or the errors by field. */
export function contentOf(draft: Draft): { content: PromptContent } | { problems: Problems } {
  const problems: Record<string, string> = {};
  const read = (field: keyof typeof LABELS): unknown => {
    const text = draft[field].trim();
    if (text === "") return undefined;
    const value = parse(text);
    const isList = Array.isArray(value);
    if (value !== null && typeof value === "object" && isList === (LABELS[field] === "list")) return value;
    problems[field] = value === undefined ? "This is not valid JSON." : `This must be a JSON ${LABELS[field]}.`;
    return undefined;
  };
  const more = read("moreParameters");
  const settings = {
    format: draft.format,
    inputs: read("inputs") ?? null,
    model: draft.model.trim() || null,
    parameters: { ...(typeof more === "object" ? more : {}), ...draft.parameters },
    tools: read("tools") ?? [],
    responseFormat: read("responseFormat") ?? null,
  };
  const texts =
    draft.type === "text"
      ? { type: draft.type, template: draft.template }
      : { type: draft.type, messages: draft.messages.map(({ id: _, ...message }) => message) };
  // What is not set must not be there, so that a draft of a version is equal to it.
  const judged = PromptContent.safeParse(JSON.parse(JSON.stringify({ ...texts, ...settings })));
  for (const { path, message } of judged.error?.issues ?? []) problems[fieldOf(path)] ??= sentence(path, message);
  return judged.success && !isFilled(problems) ? { content: judged.data } : { problems };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const fieldOf = (path: readonly PropertyKey[]) => {
  const first = String(path[0] ?? "");
  return first === "parameters" ? "moreParameters" : first;
};

/** The sentence of the contract, with the message or the tool that it is about. */
function sentence([first, second]: readonly PropertyKey[], message: string): string {
  const isPlace = (first === "messages" || first === "tools") && typeof second === "number";
  const place = first === "messages" ? "Message" : "Tool";
  return isPlace ? `${place} ${second + 1}: ${message}` : message;
}

/** The content of a version as `contentOf` gives it, to be compared with a draft. */
export function contentOfVersion(version: PromptVersion): PromptContent {
  const { format, inputs, model, parameters, tools, responseFormat } = version;
  const settings = { format, inputs, model, parameters, tools, responseFormat };
  return version.type === "text"
    ? { type: "text", template: version.template, ...settings }
    : { type: "chat", messages: version.messages, ...settings };
}

/** Whether two contents say the same, in whatever order the keys stand. */
export const isSameContent = (a: PromptContent, b: PromptContent): boolean => sorted(a) === sorted(b);

const sorted = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
