import { compact, listOf } from "../../formats/hub/json.ts";
import type { PromptedShape } from "./prompted-shape.ts";

const LIMITS = ["max_tokens", "max_completion_tokens"] as const;

export const promptedChat: PromptedShape = ({ messages, parameters, tools, responseFormat }, own) => {
  const isLimited = LIMITS.some((name) => own[name] !== undefined && own[name] !== null);
  const { max_tokens: former, max_completion_tokens: limit, ...others } = parameters;
  return compact({
    ...others,
    ...(isLimited ? {} : limit === undefined ? { max_tokens: former } : { max_completion_tokens: limit }),
    tools: tools.length > 0 ? tools : undefined,
    response_format: responseFormat ?? undefined,
    ...own,
    messages: [...messages, ...listOf(own.messages)],
  });
};
