import { callsOf, contentOf, type Message } from "../items/messages.ts";

/** Possible problems of a conversation, in the order of the checks. */
export const CHAT_CHECKS = {
  "no-answer": "The assistant never answers",
  "empty-turn": "A turn is empty",
  "role-order": "Turns do not alternate, or a system message is in the middle",
  "unclosed-call": "A tool call has no result, or a result has no call",
  "repeated-turn": "One side says the same thing twice",
  echo: "The answer repeats the question",
  "template-leak": "The text contains prompt template tokens",
  refusal: "The assistant refuses to answer",
  truncated: "The answer stops in the middle of a sentence",
} as const;
export type ChatCheck = keyof typeof CHAT_CHECKS;
const isCheck = (name: string): name is ChatCheck => name in CHAT_CHECKS;
export const NAMES_OF_CHECKS: readonly ChatCheck[] = Object.keys(CHAT_CHECKS).filter(isCheck);

/** More than this of a turn is not compared. */
const MOST_CHARACTERS = 200_000;

const TEMPLATE_MARKS =
  /<\|(?:im_start|im_end|endoftext|eot_id|begin_of_text|start_header_id|end_header_id|user|assistant|system)\|>|\[\/?INST\]|<<\/?SYS>>|<\/?s>|<(?:start|end)_of_turn>|^(?:### (?:Instruction|Response):|(?:Human|Assistant): )/m;
const REFUSAL =
  /^\W{0,5}(?:(?:i['’]?m|i am) (?:very |so |really )?(?:sorry|afraid)|sorry|i apologi[sz]e|i (?:can['’]?t|cannot|can not|won['’]?t|am unable to|['’]m unable to|am not able to)|unfortunately|as an? (?:ai|artificial|language))[^.!?]{0,160}?\b(?:can['’]?t|cannot|can not|won['’]?t|unable|not able|not comfortable|don['’]?t feel comfortable|against my|do not have (?:the )?(?:ability|personal)|assist with|help (?:you )?with|ai language model|language model)/i;
const ENDED = /[.?!…:;)\]}"'”’`»。！？）*|>\d]\s*$|[\p{Extended_Pictographic}]\s*$/u;
const SHORT_ANSWER = 80;

const plain = (text: string) => text.slice(0, MOST_CHARACTERS).toLowerCase().replaceAll(/\s+/g, " ").trim();

type Turns = readonly { readonly role: string; readonly text: string; readonly message: Message }[];

const checks: Readonly<Record<ChatCheck, (turns: Turns) => boolean>> = {
  "no-answer": (turns) => !turns.some(({ role }) => role === "assistant"),
  "empty-turn": (turns) =>
    turns.some(({ text, message }) => text.trim() === "" && callsOf(message).length === 0 && !hasParts(message)),
  "role-order": (turns) => !isOrdered(turns),
  "unclosed-call": (turns) => !areCallsClosed(turns),
  "repeated-turn": (turns) => isRepeated(turns),
  echo: (turns) => turns.some(({ role, text }, place) => role === "assistant" && isEcho(turns[place - 1], text)),
  "template-leak": (turns) => turns.some(({ text }) => TEMPLATE_MARKS.test(text)),
  refusal: (turns) => turns.some(({ role, text }) => role === "assistant" && REFUSAL.test(text.slice(0, 600))),
  truncated: (turns) => isTruncated(turns.findLast(({ role }) => role === "assistant")),
};

/** The first of the wanted checks that a conversation fails; null when it passes all. */
export function findBroken(messages: readonly Message[], wanted: readonly ChatCheck[]): ChatCheck | null {
  const turns = messages.map((message) => ({ role: message.role, text: contentOf(message), message }));
  return wanted.find((name) => checks[name](turns)) ?? null;
}

const hasParts = ({ content }: Message) => Array.isArray(content) && content.length > 0;

/** System messages first, then the user and the assistant in turn; tools answer the assistant. */
function isOrdered(turns: Turns): boolean {
  const roles = turns.map(({ role }) => (role === "developer" ? "system" : role === "function" ? "tool" : role));
  const start = roles.findIndex((role) => role !== "system");
  if (start === -1) return false;
  const spoken = roles.slice(start);
  if (spoken.includes("system") || spoken[0] === "tool") return false;
  return spoken.every((role, place) => {
    const before = spoken[place - 1];
    if (before === undefined) return true;
    if (role === "tool") return before === "assistant" || before === "tool";
    return role !== before;
  });
}

function areCallsClosed(turns: Turns): boolean {
  const open = new Set<unknown>();
  for (const { role, message } of turns) {
    if (role === "tool") {
      if (!open.delete(message.tool_call_id)) return false;
    } else if (open.size > 0) return false;
    for (const call of callsOf(message)) open.add(call.id);
  }
  // An answer that ends in tool calls requests them. Their results are not part of it.
  return open.size === 0 || turns.at(-1)?.role === "assistant";
}

function isRepeated(turns: Turns): boolean {
  const seenTurns = new Set<string>();
  return turns.some(({ role, text }) => {
    if (role === "tool" || text.length < 20) return false;
    const turnText = `${role} ${plain(text)}`;
    return seenTurns.size === seenTurns.add(turnText).size;
  });
}

const isEcho = (before: Turns[number] | undefined, text: string) =>
  before?.role === "user" && text.length >= 20 && plain(before.text) === plain(text);

/** Short answers are often not sentences. A long answer that ends in a letter is incomplete. */
const isTruncated = (answer: Turns[number] | undefined) =>
  answer !== undefined && answer.text.length > SHORT_ANSWER && !ENDED.test(answer.text.slice(-20));
