import { createClient } from "@treadle/sdk";
import { expect, test } from "vitest";
import { addChunk, EMPTY_RUN, type Run, runChat } from "./run-chat.ts";

const HEADERS = {
  "x-treadle-trace-id": "t1",
  "x-treadle-span-id": "s1",
  "x-treadle-model": "openai/gpt",
  "x-treadle-attempts": "2",
};

/** What a run is at its end when the server answers with this body. */
async function last(body: string, { isStreamed }: { isStreamed: boolean }): Promise<Run | undefined> {
  const client = createClient({
    baseUrl: "http://server",
    fetch: async () => new Response(body, { headers: HEADERS }),
  });
  let run: Run | undefined;
  const input = { client, request: { model: "m", messages: [] }, isStreamed, signal: new AbortController().signal };
  for await (run of runChat(input)) if (run.state === "failed") break;
  return run;
}

test("a streamed answer is put together with its numbers, its trace and who answered", async () => {
  const chunks = [
    { choices: [{ delta: { role: "assistant", reasoning_content: "Hm. " } }] },
    { choices: [{ delta: { content: "Hel" } }] },
    { choices: [{ delta: { content: "lo" }, finish_reason: "stop" }] },
    { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } },
  ];
  const run = await last(`${chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("")}data: [DONE]\n\n`, {
    isStreamed: true,
  });
  expect(run).toMatchObject({
    state: "done",
    text: "Hello",
    reasoning: "Hm. ",
    finish: "stop",
    inputTokens: 3,
    outputTokens: 2,
    traceId: "t1",
    spanId: "s1",
    answeredBy: "openai/gpt",
    attempts: 2,
  });
  expect(run?.firstTokenMs).toBeGreaterThanOrEqual(0);
});

test("a plain answer gives the same", async () => {
  const answer = {
    choices: [{ message: { content: "Hello" }, finish_reason: "stop" }],
    usage: { prompt_tokens: 3, completion_tokens: 2 },
  };
  expect(await last(JSON.stringify(answer), { isStreamed: false })).toMatchObject({
    state: "done",
    text: "Hello",
    outputTokens: 2,
    traceId: "t1",
  });
});

test("the pieces of parallel tool calls find their call", () => {
  const pieces = [
    { index: 0, id: "a", function: { name: "look", arguments: '{"x"' } },
    { index: 1, id: "b", function: { name: "find", arguments: "{" } },
    { index: 0, function: { arguments: ":1}" } },
    { index: 1, function: { arguments: "}" } },
  ];
  const run = pieces.reduce(
    (sum, piece) => addChunk(sum, { choices: [{ delta: { tool_calls: [piece] } }] }),
    EMPTY_RUN,
  );
  expect(run.calls).toEqual([
    { id: "a", name: "look", arguments: '{"x":1}' },
    { id: "b", name: "find", arguments: "{}" },
  ]);
});

test("an error in the middle of a stream is thrown in the provider's words", async () => {
  const body = `data: ${JSON.stringify({ choices: [{ delta: { content: "Hel" } }] })}\n\ndata: ${JSON.stringify({ error: { message: "Overloaded." } })}\n\n`;
  await expect(last(body, { isStreamed: true })).rejects.toThrow("Overloaded.");
});
