import { DEFAULT_PROMPT_LABEL } from "@treadle/contract";
import type { Prompt, PromptVersion } from "./use-prompts.ts";

export const USES = ["Gateway", "TypeScript SDK", "curl"] as const;
export type Use = (typeof USES)[number];

type Asked = {
  name: string;
  /** `production`, or the number of a version. */
  choice: { label: string } | { version: number };
  /** Something to be replaced, for each input. */
  inputs: Readonly<Record<string, unknown>>;
  url: string;
};

/** How a program uses a stored prompt, ready to be copied. */
export function codeForUse(use: Use, { name, choice, inputs, url }: Asked): string {
  const body = { prompt: { name, ...choice, inputs } };
  if (use === "Gateway")
    return `import OpenAI from "openai";

const client = new OpenAI({ baseURL: ${JSON.stringify(`${url}/v1`)}, apiKey: process.env.TREADLE_API_KEY });

// OpenAI's types do not know stored prompts, so the request goes by its path.
const answer = await client.post<OpenAI.ChatCompletion>("/chat/completions", {
  body: ${JSON.stringify(body, null, 2).replaceAll("\n", "\n  ")},
});`;
  if (use === "TypeScript SDK")
    return `import { createPrompts } from "@treadle/sdk/prompts";

const prompts = createPrompts({ baseUrl: ${JSON.stringify(url)}, apiKey: process.env.TREADLE_API_KEY ?? "" });

const prompt = await prompts.get(${JSON.stringify(name)}, ${JSON.stringify(choice)});
const { messages, model, parameters } = prompt.fill(${JSON.stringify(inputs)});`;
  const query = new URLSearchParams(Object.entries(choice).map(([key, value]) => [key, String(value)]));
  return `curl "${url}/api/v1/prompts/${encodeURIComponent(name)}?${query}" \\
  -H "Authorization: Bearer $TREADLE_API_KEY"`;
}

type Filled = {
  messages: readonly Readonly<Record<string, unknown>>[];
  model: string | null;
  parameters: Readonly<Record<string, unknown>>;
  tools: readonly unknown[];
  responseFormat: unknown;
};

/** A filled-in prompt as a request to a model. */
export const requestOf = ({ messages, model, parameters, tools, responseFormat }: Filled) => ({
  ...(model && { model }),
  messages,
  ...parameters,
  ...(tools.length > 0 && { tools }),
  ...(responseFormat ? { response_format: responseFormat } : {}),
});

/** A version whose inputs stay open, as it would be filled in; room for messages is left out. */
export const openVersion = (version: PromptVersion): Filled => ({
  ...version,
  messages:
    version.type === "text"
      ? [{ role: "user", content: version.template }]
      : version.messages.flatMap((message) => ("content" in message ? [message] : [])),
});

/** How a program asks for a version: by the label that names it, the default before others, or by its number. */
export function choiceFor({ labels }: Prompt, version: number): { label: string } | { version: number } {
  const named = labels.filter((place) => place.version === version).map(({ label }) => label);
  const label = named.find((name) => name === DEFAULT_PROMPT_LABEL) ?? named[0];
  return label ? { label } : { version };
}
