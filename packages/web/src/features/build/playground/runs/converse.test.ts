import { createClient } from "@treadle/sdk";
import { expect, test } from "vitest";
import { newColumn } from "../state/playground-state.ts";
import { converse } from "./converse.ts";
import type { Run } from "./run-chat.ts";

type Sent = { messages: { role: string; content: unknown }[] };

/** A server that calls the tools it is given, and answers in words once it has their results. */
function answering(words: string) {
  const sent: Sent[] = [];
  const client = createClient({
    baseUrl: "http://server.test",
    async fetch(_, init) {
      const body: Sent & { tools?: unknown[] } = JSON.parse(String(init?.body));
      sent.push(body);
      const isAsked = body.tools && body.messages.at(-1)?.role === "user";
      const call = { id: "c1", type: "function", function: { name: "look", arguments: '{"at":1}' } };
      const message = isAsked ? { content: null, tool_calls: [call] } : { content: words };
      const usage = { prompt_tokens: 10, completion_tokens: 2 };
      return Response.json(
        { choices: [{ message, finish_reason: "stop" }], usage },
        { headers: { "x-treadle-trace-id": `t${sent.length}`, "x-treadle-span-id": `s${sent.length}` } },
      );
    },
  });
  return { client, sent };
}

async function runOf(words: string, canned: Record<string, string>, format: "text" | "json_schema" = "text") {
  const { client, sent } = answering(words);
  const schema = JSON.stringify({ type: "object", properties: { n: { type: "number" } }, required: ["n"] });
  const parameters = { ...newColumn("m").parameters, format, schema, isStreamed: false };
  const request = { model: "m", messages: [{ role: "user", content: "Hi" }], tools: [{}] };
  const signal = new AbortController().signal;
  let last: Run | undefined;
  for await (last of converse({ client, request, isStreamed: false, signal, canned, parameters }));
  return { run: last, sent };
}

test("a tool with a canned result is answered, and the numbers of both calls are added up", async () => {
  const { run, sent } = await runOf("It is there.", { look: "found" });
  expect(run).toMatchObject({
    state: "done",
    text: "It is there.",
    calls: [],
    inputTokens: 20,
    outputTokens: 4,
    rounds: [{ calls: [{ name: "look", arguments: '{"at":1}', result: "found" }] }],
    spans: [
      { traceId: "t1", spanId: "s1" },
      { traceId: "t2", spanId: "s2" },
    ],
  });
  expect(sent[1]?.messages.map(({ role, content }) => [role, content])).toEqual([
    ["user", "Hi"],
    ["assistant", null],
    ["tool", "found"],
  ]);
});

test("a tool without a result ends the run with its call", async () => {
  const { run, sent } = await runOf("never said", { look: "" });
  expect(run).toMatchObject({ state: "done", text: "", calls: [{ name: "look" }], problems: undefined });
  expect(sent).toHaveLength(1);
});

test("an answer is checked against the schema it was asked for", async () => {
  const problemsOf = async (words: string) => (await runOf(words, { look: "x" }, "json_schema")).run?.problems;
  expect(await problemsOf('{"n":1}')).toEqual([]);
  expect(await problemsOf('{"n":"1"}')).toEqual(["n must be number, but is string"]);
  expect(await problemsOf("one")).toEqual(["The answer is not valid JSON"]);
});
