import { expect, test } from "vitest";
import { conversationOf, type Turn } from "./conversation.ts";

const user = (text: string) => ({ role: "user", parts: [{ type: "text", content: text }] });
const system = (text: string) => ({ role: "system", parts: [{ type: "text", content: text }] });
const answer = (text: string) => ({
  role: "assistant",
  parts: [{ type: "text", content: text }],
  finish_reason: "stop",
});

const script = (turns: readonly Turn[]) =>
  turns.map(({ thread, messages }) => [
    thread,
    ...messages.map(({ message: { role, parts } }) => {
      const [part] = parts;
      return `${role}: ${part?.kind === "text" ? part.text : part?.kind === "call" ? `${part.name}()` : part?.kind}`;
    }),
  ]);

test("each call shows what is new in it only, also when the answer comes back in another shape", () => {
  const call = { id: "1", type: "function", function: { name: "look", arguments: '{"at":"it"}' } };
  const turns = conversationOf([
    {
      spanId: "a",
      input: [system("Be kind."), user("Hi")],
      output: [{ role: "assistant", parts: [{ type: "tool_call", id: "1", name: "look", arguments: { at: "it" } }] }],
    },
    {
      spanId: "b",
      input: {
        messages: [
          { role: "system", content: "Be kind." },
          { role: "user", content: "Hi" },
          { role: "assistant", content: null, tool_calls: [call] },
          { role: "tool", tool_call_id: "1", content: "seen" },
        ],
      },
      output: [answer("I saw it.")],
    },
  ]);
  expect(script(turns)).toEqual([
    [0, "system: Be kind.", "user: Hi", "assistant: look()"],
    [0, "tool: result", "assistant: I saw it."],
  ]);
  expect(turns.map(({ repeated }) => repeated)).toEqual([0, 3]);
});

test("a repeated message is shown again", () => {
  const turns = conversationOf([
    { spanId: "a", input: [user("yes")], output: [answer("Sure?")] },
    { spanId: "b", input: [user("yes"), answer("Sure?"), user("yes")], output: [answer("Done.")] },
  ]);
  expect(script(turns)[1]).toEqual([0, "user: yes", "assistant: Done."]);
});

test("a history that was cut at the front does not tell everything once more", () => {
  const turns = conversationOf([
    { spanId: "a", input: [system("s"), user("1")], output: [answer("one")] },
    { spanId: "b", input: [system("s"), user("1"), answer("one"), user("2")], output: [answer("two")] },
    { spanId: "c", input: [system("s"), user("2"), answer("two"), user("3")], output: [answer("three")] },
  ]);
  expect(script(turns)[2]).toEqual([0, "user: 3", "assistant: three"]);
});

test("calls with other instructions, or with another beginning, are separate conversations", () => {
  const turns = conversationOf([
    { spanId: "a", input: [system("plan"), user("go")], output: [answer("plan made")] },
    { spanId: "b", input: [system("write"), user("go")], output: [answer("written")] },
    { spanId: "c", input: "just text", output: "an answer" },
    { spanId: "d", input: [system("plan"), user("go"), answer("plan made"), user("on")], output: null },
  ]);
  expect(script(turns)).toEqual([
    [0, "system: plan", "user: go", "assistant: plan made"],
    [1, "system: write", "user: go", "assistant: written"],
    [2, "user: just text", "assistant: an answer"],
    [0, "user: on"],
  ]);
});
