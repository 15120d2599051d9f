import { expect, test } from "vitest";
import type { ChatChunk } from "../formats/hub/hub.ts";
import type { Grounding } from "../request/grounding.ts";
import { citeChunks } from "./cite-chunks.ts";

const passage = {
  number: 1,
  documentId: "kdoc_1",
  chunkId: "chunk",
  title: "Cats",
  uri: "cats.txt",
  headings: [],
  page: 3,
  lastPage: 3,
  start: 100,
  end: 125,
  rank: 1,
  score: 1,
  similarity: null,
  text: "Cats sleep sixteen hours.",
  sent: "Cats sleep sixteen hours.",
};
const grounding: Grounding = {
  knowledgeBaseId: "kb_1",
  version: 2,
  contentHash: "hash",
  query: "cats",
  principals: [],
  passages: [passage],
  withheld: 0,
  policy: "remove",
  whenNotFound: "no",
  startedElapsed: 0,
  endedElapsed: 1,
};
const head = { id: "1", object: "chat.completion.chunk", created: 1, model: "m" } as const;

async function cite(...deltas: readonly ChatChunk["choices"][number]["delta"][]) {
  async function* source(): AsyncGenerator<ChatChunk> {
    for (const delta of deltas) yield { ...head, choices: [{ index: 0, delta, finish_reason: null }] };
    yield { ...head, choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
  }
  const choices: ChatChunk["choices"] = [];
  for await (const chunk of citeChunks(source(), grounding)) choices.push(...chunk.choices);
  return choices;
}

test("text before the call of a tool comes before the call, and offsets continue behind it", async () => {
  const call = { index: 0, id: "c", function: { name: "look", arguments: "{}" } };
  const choices = await cite(
    { content: "Cats sleep sixteen hours [1" },
    { content: "]" },
    { tool_calls: [call] },
    { content: " Cats sleep sixteen hours [1]." },
  );
  const kinds = choices.map(({ delta }) => (delta.tool_calls ? "call" : delta.content));
  expect(kinds.indexOf("call")).toBeGreaterThan(
    kinds.findIndex((text) => typeof text === "string" && text.includes("[1]")),
  );
  const content = choices.map(({ delta }) => delta.content ?? "").join("");
  const cited = choices.flatMap(({ delta }) => delta.annotations ?? []) as { file_citation: Record<string, number> }[];
  expect(cited.map(({ file_citation: { start_index, end_index } }) => content.slice(start_index, end_index))).toEqual([
    "[1]",
    "[1]",
  ]);
  expect(cited[0]?.file_citation).toMatchObject({ document_start: 100, document_end: 124, page: 3 });
  expect(choices.at(-1)?.finish_reason).toBe("stop");
});

test("reasoning passes unchanged, and a mark in it is no citation", async () => {
  const choices = await cite({ reasoning_content: "It says [1]." }, { content: "Cats sleep." });
  expect(choices[0]?.delta).toEqual({ reasoning_content: "It says [1]." });
  expect(choices.some(({ delta }) => delta.annotations)).toBe(false);
});
