import type { ResponsesRequest } from "@treadle/contract";
import { responsesToChat } from "./responses-request.ts";
import { responsesFromChat } from "./responses-response.ts";
import { responsesWriter } from "./responses-stream.ts";
import { planTools } from "./responses-tools.ts";
import type { Wire } from "./wire.ts";

/** OpenAI's Responses API without storage, answered by any model. */
export const responsesWire: Wire<ResponsesRequest> = {
  id: "responses",
  toChat: responsesToChat,
  leftOut: ({ tools }) => planTools(tools).leftOut,
  fromChat: responsesFromChat,
  streamWriter: responsesWriter,
};
