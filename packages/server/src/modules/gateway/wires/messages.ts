import type { MessagesRequest } from "@treadle/contract";
import { messagesToChat } from "./messages-request.ts";
import { messagesFromChat } from "./messages-response.ts";
import { messagesWriter } from "./messages-stream.ts";
import type { Wire } from "./wire.ts";

/** Anthropic's Messages API, answered by any model. */
export const messagesWire: Wire<MessagesRequest> = {
  id: "messages",
  toChat: messagesToChat,
  fromChat: messagesFromChat,
  streamWriter: messagesWriter,
};
