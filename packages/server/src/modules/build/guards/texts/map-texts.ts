import { mapChatMessages } from "./chat.ts";
import { mapMessages } from "./messages.ts";
import { mapResponses } from "./responses.ts";
import { type JsonRecord, mapItems, mapText, type TextVisitor, withFields } from "./text-visitor.ts";

type MapTexts = (request: JsonRecord, visitor: TextVisitor) => JsonRecord;

/** A text, several texts, or the numbers of tokens, which are no text. */
function mapInput(value: unknown, visitor: TextVisitor, path: string): unknown {
  if (typeof value === "string") return visitor.text(value, { trust: "user", path });
  if (!Array.isArray(value)) return value;
  if (value.some((item) => typeof item !== "string")) visitor.unknown({ trust: "user", path });
  return mapItems(value, (item, place) => mapText(item, visitor, { trust: "user", path: `${path}.${place}` }));
}

/** How the texts of a request are found in each format. */
const FORMATS: Readonly<Record<string, MapTexts>> = {
  chat: (request, visitor) =>
    Array.isArray(request.messages)
      ? withFields(request, { messages: mapChatMessages(request.messages, visitor) })
      : request,
  completions: (request, visitor) =>
    withFields(request, {
      prompt: mapInput(request.prompt, visitor, "prompt"),
      ...(typeof request.suffix === "string" && { suffix: mapInput(request.suffix, visitor, "suffix") }),
    }),
  embeddings: (request, visitor) => withFields(request, { input: mapInput(request.input, visitor, "input") }),
  responses: mapResponses,
  messages: mapMessages,
};

/** The request with its texts as the visitor returns them; the same request if it changes none. */
export function mapTexts<Request extends JsonRecord>(format: string, request: Request, visitor: TextVisitor): Request {
  const map = FORMATS[format];
  if (!map) throw new Error(`there is no format "${format}" whose texts could be read`);
  return map(request, visitor) as Request;
}
