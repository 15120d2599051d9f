import type { ChatFormatId } from "../formats/formats.ts";
import type { ChatResponse } from "../formats/hub/hub.ts";
import { parseJson, recordOf, recordsOf, textOf } from "../formats/hub/json.ts";
import { readResponses } from "../formats/responses/read-response.ts";
import type { Provider } from "../providers/provider.ts";

type Whole = { readonly body: Buffer; readonly asked: { readonly model: string; readonly now: number } };

/** Reads a provider's whole answer in the caller's format into the hub's shape. Throws `UpstreamStreamError` for a body that is not an answer. */
export function readWhole(format: ChatFormatId, provider: Provider, { body, asked }: Whole): ChatResponse {
  if (format === "responses") return readResponses(recordOf(parseJson(body.toString())));
  const response = provider.readChat(body, asked);
  return format === "completions" ? withMessages(response) : response;
}

/** The legacy completions have a text instead of a message. */
const withMessages = (response: ChatResponse): ChatResponse => ({
  ...response,
  object: "chat.completion",
  choices: recordsOf(response.choices).map((choice, index) => ({
    index: typeof choice.index === "number" ? choice.index : index,
    message: { role: "assistant", content: textOf(choice.text) },
    finish_reason: textOf(choice.finish_reason) || null,
  })),
});
