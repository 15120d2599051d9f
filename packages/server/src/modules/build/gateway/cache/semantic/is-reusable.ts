import type { ChatResponse } from "../../formats/hub/hub.ts";

/** An answer that begins like this declines the question. Another try may not. */
const REFUSAL = new RegExp(
  [
    "^(?:(?:i['’]?m|i am) (?:very |so |really )?sorry|sorry|i apologi[sz]e|apologies|unfortunately)\\b[^.!?]{0,120}\\b(?:can['’]?t|cannot|unable|not able|won['’]?t|not allowed|not comfortable)\\b",
    "^i (?:can['’]?t|cannot|won['’]?t|am unable to|am not able to|['’]m unable to|['’]m not able to)\\b",
    "^i['’]m (?:unable|not able|not allowed) to\\b",
    "^as an ai\\b",
  ].join("|"),
  "i",
);

/** The text of an answer with one choice; empty for any other answer. */
export function textOfAnswer({ choices }: ChatResponse): string {
  const [choice] = choices;
  const content = choices.length === 1 ? choice?.message.content : null;
  return typeof content === "string" ? content : "";
}

/** Whether an answer can be repeated: a whole text without tool calls, which is no refusal. */
export function isReusable(response: ChatResponse): boolean {
  const [choice] = response.choices;
  const text = textOfAnswer(response).trim();
  if (!choice || text === "" || choice.finish_reason !== "stop") return false;
  const { refusal, tool_calls: calls, images } = choice.message;
  return !refusal && !calls?.length && !images?.length && !REFUSAL.test(text);
}
