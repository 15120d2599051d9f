import { isRecord } from "../../../../kernel/is-record.ts";
import { pointerStep, type Row } from "../files/row.ts";
import { asChat } from "./as-chat.ts";
import { passesExtraFields, readExtraFields, writeExtraFields } from "./extra-fields.ts";
import { type Message, readMessages, readTools, splitAnswer } from "./messages.ts";
import { refuse, type Shape } from "./shape.ts";
import { readCalls, writeCalls } from "./sharegpt-calls.ts";

const OWN: ReadonlySet<string> = new Set(["conversations", "conversation", "tools", "system"]);
const ROLES: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  ["system", "system"],
  ["human", "user"],
  ["user", "user"],
  ["gpt", "assistant"],
  ["chatgpt", "assistant"],
  ["assistant", "assistant"],
  ["model", "assistant"],
  ["function_call", "assistant"],
  ["observation", "tool"],
  ["tool", "tool"],
]);
const FROM: ReadonlyMap<string, string> = new Map([
  ["system", "system"],
  ["user", "human"],
  ["assistant", "gpt"],
  ["tool", "observation"],
]);

const turnsOf = (row: Row) => row.conversations ?? row.conversation;
const isTurn = (turn: unknown) => isRecord(turn) && "from" in turn && "value" in turn;

export const sharegpt: Shape = {
  id: "sharegpt",
  label: "ShareGPT",
  description: "`conversations` of turns with `from` and `value`, including function calls and observations.",
  fits(row) {
    const turns = turnsOf(row);
    return Array.isArray(turns) && turns.length > 0 && turns.every(isTurn);
  },
  read(row) {
    const turns = turnsOf(row);
    if (!Array.isArray(turns) || turns.length === 0)
      return refuse("/conversations", 'It is not a list of turns. Write [{"from": "human", "value": …}, …].');
    const systemTurns =
      typeof row.system === "string" && row.system !== "" ? [{ role: "system", content: row.system }] : [];
    const messages = readMessages([...systemTurns, ...readTurns(turns)], "/conversations");
    const { asked, answer } = splitAnswer(messages);
    return {
      ...readExtraFields(row, OWN),
      inputs: { messages: asked, ...readTools(row.tools, "/tools") },
      expected: answer,
    };
  },
  passes(path) {
    const [first, , key] = path;
    if (first !== "conversations" && first !== "conversation") return passesExtraFields(path, OWN);
    return key === "value" && path.length === 3 ? "as-is" : null;
  },
  write(item) {
    const { messages, answer, others } = asChat(item);
    const foreign = Object.keys(others).find((key) => key !== "tools");
    if (foreign !== undefined)
      return refuse(`/inputs/${foreign}`, "ShareGPT has no such key. Use the shape openai-chat.");
    const conversations = writeTurns(answer ? [...messages, answer] : messages);
    return {
      conversations,
      ...(others.tools !== undefined && { tools: JSON.stringify(others.tools) }),
      ...writeExtraFields(item),
    };
  },
};

/** Calls get ids in the order they come, and observations answer them in that order. */
function readTurns(turns: readonly unknown[]): Row[] {
  let calls = 0;
  const open: string[] = [];
  return turns.map((turn, place) => {
    const pointer = `/conversations${pointerStep(place)}`;
    if (!isRecord(turn)) return refuse(pointer, 'It is not a turn. Write {"from": "human", "value": …}.');
    const { from, value, ...others } = turn;
    const role = ROLES.get(from);
    if (role === undefined) return refuse(`${pointer}/from`, `It is not one of ${[...ROLES.keys()].join(", ")}.`);
    if (typeof value !== "string") return refuse(`${pointer}/value`, "It is not text.");
    if (from === "function_call") {
      const tool_calls = readCalls(value, { pointer: `${pointer}/value`, nextId: () => `call_${++calls}` });
      open.push(...tool_calls.map(({ id }) => id));
      return { role, content: null, ...others, tool_calls };
    }
    if (role !== "tool") return { role, content: value, ...others };
    const tool_call_id = open.shift();
    return { role, content: value, ...(tool_call_id !== undefined && { tool_call_id }), ...others };
  });
}

function writeTurns(messages: readonly Message[]): Row[] {
  let calls = 0;
  const open: string[] = [];
  return messages.map(({ role, content, tool_calls, tool_call_id, ...others }, place) => {
    const from = FROM.get(role);
    if (from === undefined)
      return refuse(`/inputs/messages/${place}`, `ShareGPT has no role ${role}. Use the shape openai-chat.`);
    if (Array.isArray(tool_calls)) {
      if (content !== null && content !== "")
        return refuse(
          `/inputs/messages/${place}`,
          "ShareGPT does not support a turn with both text and a tool call. Use the shape openai-chat.",
        );
      const { value, ids } = writeCalls(tool_calls, () => `call_${++calls}`);
      open.push(...ids);
      return { from: "function_call", value, ...others };
    }
    if (typeof content !== "string")
      return refuse(`/inputs/messages/${place}`, "ShareGPT only supports text. Use the shape openai-chat.");
    const isNext = role !== "tool" || tool_call_id === open.shift();
    return { from, value: content, ...(!isNext && { tool_call_id }), ...others };
  });
}
