import type { MessagesRequest } from "@treadle/contract";
import type { Format } from "../hub/format.ts";
import { messagesToChat } from "./request.ts";
import { messagesFromChat } from "./response.ts";
import { messagesWriter } from "./stream.ts";

/** Anthropic's Messages API, answered by any model. */
export const messagesFormat: Format<MessagesRequest> = {
  id: "messages",
  toChat: messagesToChat,
  fromChat: messagesFromChat,
  streamWriter: messagesWriter,
};
