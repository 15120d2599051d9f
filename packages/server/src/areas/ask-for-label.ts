import type { Gateway } from "../modules/build/gateway/index.ts";
import type { AskForLabel } from "../modules/observe/topics/index.ts";

const MOST_TOKENS = 40;
/** The calls are no use of the application, so that they are no topic of the next run. */
const HEADERS = { "x-treadle-environment": "evaluation", "x-treadle-tags": "topics" };

/** A label for a topic from a chat model, through the gateway. The gateway is opened later. */
export const askForLabelBy =
  (gateway: () => Pick<Gateway, "complete">): AskForLabel =>
  async (scope, { model, system, question }, signal) => {
    const messages = [
      { role: "system" as const, content: system },
      { role: "user" as const, content: question },
    ];
    const request = { model, messages, max_tokens: MOST_TOKENS, temperature: 0 };
    const { response, cost } = await gateway().complete(scope, request, { signal, headers: HEADERS });
    const content = response.choices[0]?.message.content;
    return { text: typeof content === "string" ? content : "", costUsd: cost.costUsd };
  };
