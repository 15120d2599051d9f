import type { PromptContent, PromptFormat, PromptMessage } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { languageOf } from "../templates/index.ts";
import { type ParsedTemplate, TEMPLATE_LIMITS, TemplateError } from "../templates/template.ts";
import { createInputCheck, isBoundedSchema } from "./inputs.ts";

export type Inputs = Readonly<Record<string, unknown>>;
/** A rendered prompt. `text` is null for a chat prompt. */
export type Filled = {
  readonly text: string | null;
  readonly messages: readonly Readonly<Record<string, unknown> & { role: string }>[];
};

/** Characters of templates that are remembered as they were parsed. */
const MOST_PARSED = 20_000_000;
/** A template and its place in the prompt. */
type Source = { readonly place: string; readonly source: string };

const MOST_PLACED = 1_000;

/** Puts inputs into prompts whose includes are in their places. What was parsed is remembered. */
export function createFill() {
  const checks = createInputCheck();
  const parsed = new Map<string, ParsedTemplate>();
  let size = 0;

  function parse(format: PromptFormat, { place, source }: Source): ParsedTemplate {
    const key = `${format} ${source}`;
    const known = parsed.get(key);
    if (known) return known;
    if (source.length > TEMPLATE_LIMITS.source)
      throw refusal(place, `with its includes it has more than ${TEMPLATE_LIMITS.source} characters`);
    const template = withPlace(place, () => languageOf(format).parse(source));
    if (size + source.length > MOST_PARSED) {
      parsed.clear();
      size = 0;
    }
    parsed.set(key, template);
    size += source.length;
    return template;
  }
  function run({ format, inputs }: { format: PromptFormat; inputs: Inputs }, { place, source }: Source): string {
    const template = parse(format, { place, source });
    return withPlace(place, () => template(inputs));
  }

  return {
    /** Reads every template and the schema. Throws `unprocessable` that names what cannot be read. */
    check(content: PromptContent): void {
      if (content.inputs !== null) checks.checkSchema(content.inputs);
      for (const source of sourcesOf(content)) parse(content.format, source);
    },
    /** Throws `invalid_request` for wrong inputs, and `unprocessable` for a template that cannot be filled in. */
    fill(content: PromptContent, inputs: Inputs): Filled {
      if (content.inputs !== null) checks.check(content.inputs, inputs);
      const given = { format: content.format, inputs };
      if (content.type === "text") {
        const text = run(given, { place: "template", source: content.template });
        return { text, messages: [{ role: "user", content: text }] };
      }
      const messages = content.messages.flatMap((message, index) =>
        "placeholder" in message
          ? placed(message.placeholder, inputs)
          : [{ role: message.role, content: run(given, { place: `messages[${index}]`, source: message.content }) }],
      );
      return { text: null, messages };
    },
  };
}

/** Whether what it costs to fill this in is bounded by its size, so that it need not be stopped from outside. */
export const isBounded = (content: PromptContent): boolean =>
  languageOf(content.format).isBounded && isBoundedSchema(content.inputs);

/** Every template of a content, with its place in it. */
const sourcesOf = (content: PromptContent): Source[] =>
  content.type === "text"
    ? [{ place: "template", source: content.template }]
    : content.messages.flatMap((message: PromptMessage, index) =>
        "placeholder" in message ? [] : [{ place: `messages[${index}]`, source: message.content }],
      );

function placed(name: string, inputs: Inputs): Filled["messages"][number][] {
  const given = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
  if (given === undefined || given === null) return [];
  const path = `inputs.${name}`;
  if (!Array.isArray(given)) throw wrongInput(path, "must be a list of messages");
  if (given.length > MOST_PLACED) throw wrongInput(path, `has more than ${MOST_PLACED} messages`);
  return given.map((message: unknown, index) => {
    if (!isMessage(message)) throw wrongInput(`${path}[${index}]`, "must be a message with a `role`");
    return message;
  });
}

const isMessage = (value: unknown): value is Filled["messages"][number] =>
  typeof value === "object" && value !== null && "role" in value && typeof value.role === "string";

const wrongInput = (path: string, why: string) =>
  new AppError("invalid_request", { message: `${path}: ${why}.`, details: { param: path } });

function withPlace<Result>(place: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (error instanceof TemplateError) throw refusal(place, error.message, error);
    if (error instanceof RangeError) throw refusal(place, "it is nested too deeply, or becomes too long", error);
    throw error;
  }
}

const refusal = (place: string, why: string, cause?: unknown) =>
  new AppError("unprocessable", { message: `${place}: ${why}.`, details: { param: place }, cause });
