import { createHash } from "node:crypto";
import type { PromptContent, PromptMessage } from "@treadle/contract";

/** A question and its answer that a prompt shows. */
export type Example = { readonly itemId: string; readonly question: string; readonly answer: string };
/** The parts of a prompt that a search changes: the texts to rewrite, in order, and the examples. */
export type Program = { readonly texts: readonly string[]; readonly examples: readonly Example[] };

const WRITABLE: ReadonlySet<string> = new Set(["system", "developer", "user"]);
const TAG = /\{\{\{?[\s\S]*?\}?\}\}|\{%[\s\S]*?%\}/g;

/** The tags of a template, such as `{{question}}`, in the order of their names. */
const tagsOf = (text: string): string[] => (text.match(TAG) ?? []).map((tag) => tag.replace(/\s+/g, "")).sort();

const isText = (message: PromptMessage): message is Extract<PromptMessage, { content: string }> => "content" in message;

/** The positions of the messages to rewrite: messages with text outside their tags, or all messages when none has any. */
function writable(messages: readonly PromptMessage[]): number[] {
  const texts = messages.flatMap((message, at) =>
    isText(message) && WRITABLE.has(message.role) ? [{ at, words: message.content.replace(TAG, "").trim() }] : [],
  );
  const wordy = texts.filter(({ words }) => words !== "");
  return (wordy.length > 0 ? wordy : texts).map(({ at }) => at);
}

/** The parts of a prompt that a search can change. */
export function programOf(content: PromptContent): Program {
  if (content.type === "text") return { texts: [content.template], examples: [] };
  const texts = writable(content.messages).map((at) => {
    const message = content.messages[at];
    return message && isText(message) ? message.content : "";
  });
  return { texts, examples: [] };
}

/** The original prompt with the changes of a program. Examples come before the last question. */
export function contentOf(start: PromptContent, { texts, examples }: Program): PromptContent {
  if (start.type === "text") return { ...start, template: `${shown(examples)}${texts[0] ?? start.template}` };
  const places = writable(start.messages);
  const messages = start.messages.map((message, at) => {
    const text = texts[places.indexOf(at)];
    return text === undefined || !isText(message) ? message : { ...message, content: text };
  });
  const question = messages.findLastIndex((message) => isText(message) && message.role === "user");
  const turns = examples.flatMap((example) => [
    { role: "user" as const, content: example.question },
    { role: "assistant" as const, content: example.answer },
  ]);
  messages.splice(question === -1 ? messages.length : question, 0, ...turns);
  return { ...start, messages };
}

const shown = (examples: readonly Example[]): string =>
  examples.map(({ question, answer }) => `Example:\n${question}\nAnswer: ${answer}\n\n`).join("");

/** The same for the same texts and examples. */
export const keyOf = ({ texts, examples }: Program): string =>
  createHash("sha256")
    .update(JSON.stringify([texts, examples.map(({ question, answer }) => [question, answer])]))
    .digest("base64url");

/** Why a text cannot stand where another stood; null when it can. It must ask for the same inputs. */
export function refusalOf(before: string, after: string): string | null {
  if (after.trim() === "") return "The new text is empty.";
  if (after.trim() === before.trim()) return "The new text is the same as the old text.";
  if (after.length > 200_000) return "The new text is longer than the limit for prompts.";
  const [was, is] = [tagsOf(before), tagsOf(after)];
  const lost = was.filter((tag) => !is.includes(tag));
  const made = is.filter((tag) => !was.includes(tag));
  if (lost.length > 0) return `The new text leaves out ${lost.join(", ")}.`;
  return made.length > 0 ? `The new text uses ${made.join(", ")}, which the items do not have.` : null;
}

/** Whether a text can be inserted into a template unchanged. */
export const isPlain = (text: string): boolean => !/\{\{|\}\}|\{%|%\}|\{#/.test(text);

const wordsOf = (message: PromptMessage | undefined): string =>
  message === undefined ? "" : isText(message) ? message.content : `{{${message.placeholder}}}`;

const messagesOf = (content: PromptContent): readonly PromptMessage[] =>
  content.type === "chat" ? content.messages : [{ role: "user", content: content.template }];

export const textsIn = (content: PromptContent): string[] => messagesOf(content).map(wordsOf);

export const lengthOf = (content: PromptContent): number =>
  textsIn(content).reduce((sum, text) => sum + [...text].length, 0);

/** The messages that are not as they were; those that were put in have nothing before. */
export function changesBetween(before: PromptContent, after: PromptContent) {
  const [was, is] = [textsIn(before), textsIn(after)];
  let [head, tail] = [0, 0];
  const least = Math.min(was.length, is.length);
  while (head < least && was[head] === is[head]) head++;
  while (tail < least - head && was[was.length - 1 - tail] === is[is.length - 1 - tail]) tail++;
  const count = Math.max(was.length, is.length) - head - tail;
  return Array.from({ length: count }, (_, at) => ({
    message: head + at,
    before: head + at < was.length - tail ? (was[head + at] ?? "") : "",
    after: head + at < is.length - tail ? (is[head + at] ?? "") : "",
  })).filter((change) => change.before !== change.after);
}
