type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Enough for one line of a table and its tooltip. */
const MOST = 600;

/** What an item asks, in one piece of text: the last thing that was said, or its fields. */
export function inputText(inputs: Fields): string {
  const said = lastSaid(inputs.messages);
  if (said !== undefined) return cut(said);
  const entries = Object.entries(inputs).filter(([, value]) => value !== null);
  if (entries.length === 1 && entries[0]) return cut(plain(entries[0][1]));
  return cut(entries.map(([name, value]) => `${name}: ${plain(value)}`).join(" · "));
}

/** What is expected of an item, in one piece of text: an answer, the preferred one of two, or a completion. */
export function expectedText(expected: unknown): string {
  if (expected === null || expected === undefined) return "";
  if (!isFields(expected)) return cut(plain(expected));
  const said = lastSaid(expected.chosen) ?? lastSaid(expected.completion) ?? saidBy(expected);
  return cut(said ?? plain(expected));
}

function lastSaid(messages: unknown): string | undefined {
  if (!Array.isArray(messages) || messages.length === 0) return undefined;
  const own = messages.findLast((message) => isFields(message) && message.role === "user") ?? messages.at(-1);
  return saidBy(own);
}

/** The text of a message; the names of the tools it calls where it says nothing. */
function saidBy(message: unknown): string | undefined {
  if (!isFields(message) || !("content" in message || "tool_calls" in message)) return undefined;
  if (typeof message.content === "string" && message.content !== "") return message.content;
  if (Array.isArray(message.content))
    return message.content
      .map((part: unknown) => (isFields(part) && typeof part.text === "string" ? part.text : ""))
      .filter(Boolean)
      .join(" ");
  const calls = Array.isArray(message.tool_calls) ? message.tool_calls : [];
  return calls
    .map((call: unknown) => (isFields(call) && isFields(call.function) ? `calls ${String(call.function.name)}` : ""))
    .join(", ");
}

const plain = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));
const cut = (text: string): string => (text.length > MOST ? `${text.slice(0, MOST)}…` : text);

/** Where an item came from, in a word or two. */
export function sourceWords(source: Fields): string {
  const kind = String(source.kind ?? "");
  if (kind === "file" && typeof source.file === "string")
    return typeof source.line === "number" ? `${source.file}, line ${source.line}` : source.file;
  if (kind === "synthetic" && typeof source.model === "string") return `made by ${source.model}`;
  return kind === "manual" ? "by hand" : kind;
}
