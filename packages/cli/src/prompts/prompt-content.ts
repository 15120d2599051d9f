import type { Answer, RequestFor } from "@treadle/sdk";

export type Version = Answer<"GET /api/v1/prompts/:name/versions/:version">;
type NewVersion = RequestFor<"POST /api/v1/prompts/:name/versions">["body"];
type Texts =
  | { type: "text"; template: string }
  | { type: "chat"; messages: Extract<NewVersion, { type: "chat" }>["messages"] };
type Json = Record<string, unknown>;
/** What a version says, as it is sent to the server. */
export type Content = Texts & {
  format: Version["format"];
  inputs: Json | null;
  model: string | null;
  parameters: Json;
  tools: Json[];
  responseFormat: Json | null;
};

export function contentOf(version: Version): Content {
  const { format, inputs, model, parameters, tools, responseFormat } = version;
  const settings = { format, inputs, model, parameters, tools, responseFormat };
  return version.type === "text"
    ? { type: "text", template: version.template, ...settings }
    : { type: "chat", messages: version.messages, ...settings };
}

/** Whether two contents say the same, in whatever order their keys stand. */
export const isSame = (a: Content, b: Content): boolean => sorted(a) === sorted(b);

const sorted = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

/** The names of the prompts that a content includes. */
export function includesOf(content: Content): readonly string[] {
  const texts =
    content.type === "text"
      ? [content.template]
      : content.messages.flatMap((message) => ("content" in message ? [message.content] : []));
  return texts.flatMap((text) => [...text.matchAll(/\{\{>([^@}]*)/g)].map(([, name = ""]) => name.trim()));
}
