import type { PromptContent, RenderedPrompt, UsablePrompt } from "@treadle/contract";
import { checkInputs } from "./check-inputs.ts";
import { parseMustache, type Template } from "./mustache.ts";
import { PromptError } from "./prompt-error.ts";

export type Inputs = Readonly<Record<string, unknown>>;
type Text = { readonly type: "text"; readonly template: string };
type Chat = { readonly type: "chat"; readonly messages: Extract<PromptContent, { type: "chat" }>["messages"] };
/** The fallback for a prompt that was never loaded and is unavailable: its text and other relevant fields. */
export type Fallback = (Text | Chat) & Partial<Omit<PromptContent, "type" | "template" | "messages">>;

/** A version that can be filled in. */
export type StoredPrompt = UsablePrompt & {
  /** Whether this is the caller's own fallback, since no server gave one; its version is 0. */
  readonly isFallback: boolean;
  /** What tells the gateway which version a call was filled in from, so that the span names it; none for a fallback. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Puts inputs in, as the server would. Throws a `PromptError` for a wrong input, and for Liquid and Jinja,
   * which only the server reads: `prompts.render` asks it.
   */
  fill(inputs?: Inputs): RenderedPrompt;
};

/** A prompt that came from the server, with the way to fill it in. It is frozen, since it is given to many callers. */
export function storedPrompt(prompt: UsablePrompt, isFallback = false): StoredPrompt {
  let filler: ((inputs: Inputs) => Pick<RenderedPrompt, "text" | "messages">) | undefined;
  const { name, version, model, parameters, tools, responseFormat } = prompt;
  const headers: Readonly<Record<string, string>> = isFallback
    ? {}
    : { "x-treadle-prompt": `${encodeURIComponent(name)}@${version}` };
  return Object.freeze({
    ...prompt,
    isFallback,
    headers,
    fill(inputs: Inputs = {}) {
      checkInputs(prompt.inputs, inputs);
      filler ??= fillerOf(prompt);
      return { name, version, ...filler(inputs), model, parameters, tools, responseFormat };
    },
  });
}

/** A fallback in the shape of a prompt. */
export function fallbackPrompt(name: string, fallback: Fallback): StoredPrompt {
  const settings = { format: "mustache", inputs: null, model: null, parameters: {}, tools: [], responseFormat: null };
  const facts = { promptId: "", name, version: 0, labels: [], message: "", author: "", contentHash: "", included: {} };
  const whole: unknown = { ...settings, ...facts, createdAt: new Date(0).toISOString(), ...fallback };
  // The three lines above contain every field of a usable prompt.
  return storedPrompt(whole as UsablePrompt, true);
}

/** Reads the templates once, for every time that they are filled in. */
function fillerOf(prompt: UsablePrompt) {
  if (prompt.format !== "mustache")
    throw new PromptError(
      "format",
      `${prompt.name} is written in ${prompt.format}, which only the server fills in; use prompts.render`,
    );
  if (prompt.type === "text") {
    const template = templateOf("template", prompt.template);
    return (inputs: Inputs) => {
      const text = template(inputs);
      return { text, messages: [{ role: "user", content: text }] };
    };
  }
  const parts = prompt.messages.map((message, at) =>
    "placeholder" in message
      ? message.placeholder
      : { role: message.role, template: templateOf(`messages[${at}]`, message.content) },
  );
  return (inputs: Inputs) => ({
    text: null,
    messages: parts.flatMap((part) =>
      typeof part === "string" ? placed(part, inputs) : [{ role: part.role, content: part.template(inputs) }],
    ),
  });
}

function templateOf(param: string, source: string): Template {
  const rethrow = <Result>(run: () => Result) => {
    try {
      return run();
    } catch (error) {
      throw new PromptError(param, error instanceof Error ? error.message : String(error), error);
    }
  };
  const template = rethrow(() => parseMustache(source));
  return (inputs) => rethrow(() => template(inputs));
}

function placed(name: string, inputs: Inputs): RenderedPrompt["messages"] {
  const given = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) throw new PromptError(`inputs.${name}`, "must be a list of messages");
  return given.map((message: unknown, at) => {
    if (!isMessage(message)) throw new PromptError(`inputs.${name}[${at}]`, "must be a message with a `role`");
    return message;
  });
}

const isMessage = (value: unknown): value is RenderedPrompt["messages"][number] =>
  typeof value === "object" && value !== null && "role" in value && typeof value.role === "string";
