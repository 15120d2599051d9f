import type { GenerateEvent, GenerateRequest, Inference, TokenLogprob } from "../port.ts";

type Asked = Partial<GenerateRequest>;
type Logprobs = TokenLogprob & { readonly top: readonly TokenLogprob[] };
type Answer = {
  readonly text: string;
  readonly pieces: readonly string[];
  readonly logprobs: readonly Logprobs[];
  readonly calls: readonly { readonly name: string; readonly arguments: string }[];
  readonly done: Extract<GenerateEvent, { type: "done" }>;
};

/** A whole request for the model `tiny`, greedy and short by default. */
export const requestOf = (asked: Asked = {}): GenerateRequest => ({
  modelId: "tiny",
  prompt: { messages: [{ role: "user", text: "Hello" }] },
  maxTokens: 40,
  temperature: 0,
  topP: null,
  seed: null,
  stop: [],
  topLogprobs: null,
  jsonSchema: null,
  tools: [],
  toolChoice: "auto",
  ...asked,
});

/** Asks a model and waits for the end of the answer. */
export async function ask(
  inference: Pick<Inference, "generate">,
  asked: Asked = {},
  signal = new AbortController().signal,
): Promise<Answer> {
  const pieces: string[] = [];
  const logprobs: Logprobs[] = [];
  const calls: { name: string; arguments: string }[] = [];
  for await (const event of inference.generate(requestOf(asked), signal)) {
    if (event.type === "done") return { text: pieces.join(""), pieces, logprobs, calls, done: event };
    if (event.type === "tool_call") calls.push(event.call);
    else {
      pieces.push(event.text);
      logprobs.push(...(event.logprobs ?? []));
    }
  }
  throw new Error("the answer ended without its last event");
}
