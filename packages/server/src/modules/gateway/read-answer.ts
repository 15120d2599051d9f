import type { WireId } from "./call.ts";
import type { ChatResponse, Provider } from "./providers/provider.ts";
import { readResponses } from "./read-responses.ts";
import { parseJson, recordOf, recordsOf, textOf } from "./wires/json.ts";

type Whole = { readonly body: Buffer; readonly asked: { readonly model: string; readonly now: number } };

/** A whole answer in the caller's shape, as the provider sent it, in the hub's shape. Throws `UpstreamStreamError` when it is none. */
export function readWhole(
  wire: Exclude<WireId, "embeddings">,
  provider: Provider,
  { body, asked }: Whole,
): ChatResponse {
  if (wire === "responses") return readResponses(recordOf(parseJson(body.toString())));
  const response = provider.readChat(body, asked);
  return wire === "completions" ? withMessages(response) : response;
}

/** The old completions have a text where chat has a message. */
const withMessages = (response: ChatResponse): ChatResponse => ({
  ...response,
  object: "chat.completion",
  choices: recordsOf(response.choices).map((choice, index) => ({
    index: typeof choice.index === "number" ? choice.index : index,
    message: { role: "assistant", content: textOf(choice.text) },
    finish_reason: textOf(choice.finish_reason) || null,
  })),
});
