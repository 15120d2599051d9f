import { AnnotationItemsInput } from "@treadle/contract";
import { expect, test } from "vitest";
import type { Scope } from "../../../../kernel/scope.ts";
import { fromSessions } from "./from-sessions.ts";

const scope: Scope = { projectId: "p", actor: "user_a", userId: "user_a", permissions: new Set() };
type Turn = { readonly input: unknown; readonly output: unknown };

/** Sessions that are read in pages of two turns. */
const tracesOf = (sessions: Readonly<Record<string, readonly Turn[]>>) =>
  ({
    async getSession(_scope: Scope, sessionId: string, { cursor = "0" }: { cursor?: string }) {
      const from = Number(cursor);
      const turns = sessions[sessionId] ?? [];
      return {
        session: { sessionId, userId: "u1", models: ["m1", "m2"] },
        items: turns.slice(from, from + 2),
        nextCursor: from + 2 < turns.length ? String(from + 2) : null,
      };
    },
  }) as never;

async function bring(sessions: Readonly<Record<string, readonly Turn[]>>, sessionIds = Object.keys(sessions)) {
  const input = AnnotationItemsInput.parse({ from: "sessions", sessionIds });
  if (input.from !== "sessions") throw new Error("not sessions");
  const found = [];
  for await (const item of (await fromSessions({ traces: tracesOf(sessions) }, scope, input)).items) found.push(item);
  return found;
}
const user = (content: string) => ({ role: "user", content });
const assistant = (content: string) => ({ role: "assistant", content });
const system = { role: "system", content: "Be kind." };

test("a session is one item with the whole conversation, whether or not its traces repeat earlier messages", async () => {
  const conversation = [
    system,
    user("One?"),
    assistant("1"),
    user("Two?"),
    assistant("2"),
    user("Three?"),
    assistant("3"),
  ];
  const repeating = [1, 3, 5].map((end) => ({
    input: conversation.slice(0, end + 1),
    output: [conversation[end + 1]],
  }));
  const alone = [1, 3, 5].map((at) => ({ input: [system, conversation[at]], output: [conversation[at + 1]] }));
  const items = await bring({ repeating, alone });
  for (const item of items) expect(item?.content.fields.map(({ value }) => value)).toEqual([conversation]);
  expect(items[0]).toMatchObject({
    source: { type: "session", key: "session:repeating", sessionId: "repeating", traceId: null },
    metadata: { userId: "u1", model: "m1, m2" },
  });
});

test("tool calls and their results are part of the conversation, and no question occurs twice", async () => {
  const call = {
    role: "assistant",
    content: null,
    tool_calls: [{ id: "c1", type: "function", function: { name: "find", arguments: "{}" } }],
  };
  const result = { role: "tool", tool_call_id: "c1", content: "on its way" };
  const [item] = await bring({
    tools: [
      { input: [user("Where?")], output: [call] },
      { input: [user("Where?"), call, result], output: [assistant("On its way.")] },
    ],
  });
  expect(item?.content.fields[0]?.value).toEqual([user("Where?"), call, result, assistant("On its way.")]);
});

test("texts are turns too, an empty session is skipped, and a session named twice occurs once", async () => {
  const items = await bring({ texts: [{ input: "Hi", output: "Hello" }], empty: [{ input: null, output: "" }] }, [
    "texts",
    "empty",
    "texts",
  ]);
  expect(items.map((item) => item?.content.fields[0]?.value ?? null)).toEqual([[user("Hi"), assistant("Hello")], null]);
});
