import { isRecord } from "../../../../kernel/is-record.ts";
import type { Row } from "../files/row.ts";
import { asChat } from "./as-chat.ts";
import { readExtraFields, writeExtraFields } from "./extra-fields.ts";
import { looksLikeMessages, type Message, readMessages, readTools, splitAnswer } from "./messages.ts";
import { refuse, type Shape } from "./shape.ts";

/** Fields that are read here, or are irrelevant for the item. */
const OWN: ReadonlySet<string> = new Set([
  "messages",
  "input",
  "request",
  "item",
  "choices",
  "output",
  "response",
  "sample",
  "tools",
  "object",
]);

type Part = { readonly pointer: string; readonly value: unknown };
const within = (value: unknown, key: string): unknown => (isRecord(value) ? value[key] : undefined);

/** Where the messages of the request may be: as the API lists them, as a log of request and response, or as an evaluation's item. */
function messagesIn(row: Row): Part | null {
  const places: readonly Part[] = [
    { pointer: "/messages", value: row.messages },
    { pointer: "/request/messages", value: within(row.request, "messages") },
    { pointer: "/request/input", value: within(row.request, "input") },
    { pointer: "/input/messages", value: within(row.input, "messages") },
    { pointer: "/input", value: row.input },
    { pointer: "/item/input", value: within(row.item, "input") },
    { pointer: "/item/messages", value: within(row.item, "messages") },
  ];
  return places.find(({ value }) => looksLikeMessages(value)) ?? null;
}

/** Where the answer may be: `choices` of a chat completion, or `output` of a response. */
function answerIn(row: Row): Part | null {
  const places: readonly Part[] = [
    { pointer: "", value: row },
    { pointer: "/response", value: row.response },
    { pointer: "/sample", value: row.sample },
  ];
  for (const { pointer, value } of places) {
    const choices = within(value, "choices");
    const message = Array.isArray(choices) ? within(choices[0], "message") : undefined;
    if (isRecord(message)) return { pointer: `${pointer}/choices/0/message`, value: message };
    const output = outputOf(within(value, "output") ?? within(value, "output_text"));
    if (output !== null) return { pointer: `${pointer}/output`, value: output };
  }
  return null;
}

/** The last message of a response's `output`, its pieces of text joined; also a plain text. */
function outputOf(output: unknown): Row | null {
  if (typeof output === "string") return { role: "assistant", content: output };
  const message = Array.isArray(output) ? output.findLast((one) => within(one, "role") === "assistant") : output;
  if (!isRecord(message) || message.role !== "assistant") return null;
  const { content } = message;
  if (!Array.isArray(content)) return { role: "assistant", content };
  const texts = content.flatMap((part) => (typeof within(part, "text") === "string" ? [within(part, "text")] : []));
  return { role: "assistant", content: texts.join("") };
}

/** The request may already end with the answer. */
function askedOf(messages: readonly Message[], answer: Message): readonly Message[] {
  const { asked, answer: last } = splitAnswer(messages);
  return last !== null && JSON.stringify(last.content) === JSON.stringify(answer.content) ? asked : messages;
}

/** Fields that OpenAI writes into every message of an answer, even if empty. */
function cleanAnswer({ refusal, annotations, audio, ...message }: Row): Row {
  const isEmptyList = Array.isArray(annotations) && annotations.length === 0;
  return {
    ...message,
    ...(refusal !== null && refusal !== undefined && { refusal }),
    ...(annotations !== undefined && annotations !== null && !isEmptyList && { annotations }),
    ...(audio !== null && audio !== undefined && { audio }),
  };
}

export const openaiCompletion: Shape = {
  id: "openai-completion",
  label: "OpenAI stored completion",
  description: "The messages of a request with `choices` or `output`, as OpenAI stores completions and responses.",
  fits: (row) => messagesIn(row) !== null && answerIn(row) !== null,
  read(row) {
    const [request, response] = [messagesIn(row), answerIn(row)];
    if (request === null) return refuse("/messages", "The messages of the request are missing.");
    if (response === null) return refuse("/choices", "There is no answer in `choices` or `output`.");
    const messages = readMessages(request.value, request.pointer);
    const given = isRecord(response.value) ? cleanAnswer(response.value) : response.value;
    const [answer] = readMessages([given], response.pointer);
    if (answer?.role !== "assistant") return refuse(response.pointer, "It is not an assistant message.");
    const tools = readTools(row.tools ?? within(row.request, "tools"), "/tools");
    return {
      ...readExtraFields(row, OWN),
      inputs: { messages: askedOf(messages, answer), ...tools },
      expected: answer,
    };
  },
  write(item) {
    const { messages, answer, others } = asChat(item);
    if (answer === null) return refuse("/expected", "There is no expected answer. Use the shape openai-chat.");
    const choices = [{ index: 0, message: answer, finish_reason: "stop" }];
    return { messages, ...others, choices, ...writeExtraFields(item) };
  },
};
