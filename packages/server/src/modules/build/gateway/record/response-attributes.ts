import type { ChatResponse } from "../formats/hub/hub.ts";

const MOST_CHARACTERS = 200;

/** What an answer says about itself. A changed fingerprint means that the provider has changed the model or its servers. */
export const responseAttributes = ({ id, choices, system_fingerprint: print }: ChatResponse) => ({
  "gen_ai.response.id": id,
  "gen_ai.response.finish_reasons": choices.map((choice) => choice.finish_reason ?? ""),
  ...(typeof print === "string" && { "openai.response.system_fingerprint": print.slice(0, MOST_CHARACTERS) }),
});
