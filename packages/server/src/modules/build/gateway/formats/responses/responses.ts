import type { ResponsesRequest } from "@treadle/contract";
import type { Format } from "../hub/format.ts";
import { responsesToChat } from "./request.ts";
import { responsesFromChat } from "./response.ts";
import { responsesWriter } from "./stream.ts";
import { planTools } from "./tools.ts";

/** OpenAI's Responses API without storage, answered by any model. */
export const responsesFormat: Format<ResponsesRequest> = {
  id: "responses",
  toChat: responsesToChat,
  leftOut: ({ tools }) => planTools(tools).leftOut,
  fromChat: responsesFromChat,
  streamWriter: responsesWriter,
};
