import type { CheckInput, Trust } from "../shared/use-guards.ts";

/** What a person typed to be checked. */
export type Content = {
  readonly kind: "text" | "messages";
  readonly text: string;
  readonly trust: Trust;
  /** JSON. */
  readonly messages: string;
};
type Messages = NonNullable<CheckInput["messages"]>;
type Reading = { readonly body: Pick<CheckInput, "text" | "trust" | "messages"> } | { readonly problem: string };

/** The content as it is sent, or what is wrong with it. */
export function readContent({ kind, text, trust, messages }: Content): Reading {
  if (kind === "text") return text === "" ? { problem: "Enter a text." } : { body: { text, trust } };
  let value: unknown;
  try {
    value = JSON.parse(messages);
  } catch (error) {
    return { problem: `Invalid JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const list = isRecord(value) && "messages" in value ? value.messages : value;
  if (!Array.isArray(list) || list.length === 0) return { problem: "Enter a list of messages." };
  const wrong = list.findIndex((message: unknown) => !isRecord(message) || typeof message.role !== "string");
  if (wrong >= 0) return { problem: `Message ${wrong + 1} has no role.` };
  return { body: { messages: list as Messages } };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The text at a path of a checked content, such as `messages.0.content.1`; undefined for content that is not a text. */
export function textAt({ text, messages }: Pick<CheckInput, "text" | "messages">, path: string): string | undefined {
  if (path === "text") return text;
  return asText(path.split(".").reduce<unknown>(step, { messages }));
}

/** Arguments of tools are JSON in a text, and the path goes on inside them. */
function step(value: unknown, name: string): unknown {
  const held = typeof value === "string" ? parsed(value) : value;
  return typeof held === "object" && held !== null ? Reflect.get(held, name) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function asText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  if (!isRecord(value)) return undefined;
  return [value.text, value.refusal].find((part) => typeof part === "string");
}
