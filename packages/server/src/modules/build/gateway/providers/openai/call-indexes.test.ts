import { expect, test } from "vitest";
import type { ChatChunk, ToolCall } from "../../formats/hub/hub.ts";
import { createCallIndexes } from "./call-indexes.ts";

type Piece = Omit<Partial<ToolCall>, "function"> & { name?: string; json?: string };
const chunk = (...pieces: Piece[]): ChatChunk => ({
  id: "a",
  object: "chat.completion.chunk",
  created: 1,
  model: "m",
  choices: [
    {
      index: 0,
      delta: {
        tool_calls: pieces.map(({ name, json, ...call }) => ({ ...call, function: { name, arguments: json } })),
      },
      finish_reason: null,
    },
  ],
});
/** The calls that come out, by place: their names and what their arguments add up to. */
function callsOf(chunks: readonly ChatChunk[]) {
  const withIndexes = createCallIndexes();
  const calls: { name: string; json: string }[] = [];
  for (const { index = -1, function: piece } of chunks
    .map(withIndexes)
    .flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? [])) {
    const { name, json } = calls[index] ?? { name: "", json: "" };
    calls[index] = { name: name || (piece.name ?? ""), json: json + (piece.arguments ?? "") };
  }
  return calls;
}
const BERN = '{"city":"Bern"}';
const ROME = '{"city":"Rome"}';

test.each([
  [
    "as OpenAI sends them",
    [
      chunk({ index: 0, id: "a", name: "f", json: "" }),
      chunk({ index: 0, json: BERN.slice(0, 5) }),
      chunk({ index: 0, json: BERN.slice(5) }),
      chunk({ index: 1, id: "b", name: "g", json: "" }),
      chunk({ index: 1, json: ROME }),
    ],
  ],
  [
    "all at one place in chunks of their own",
    [chunk({ index: 0, id: "a", name: "f", json: BERN }), chunk({ index: 0, id: "b", name: "g", json: ROME })],
  ],
  [
    "all at one place in one chunk",
    [chunk({ index: 0, id: "a", name: "f", json: BERN }, { index: 0, id: "b", name: "g", json: ROME })],
  ],
  ["without a place", [chunk({ id: "a", name: "f", json: BERN }), chunk({ id: "b", name: "g", json: ROME })]],
  [
    "without ids",
    [chunk({ index: 0, id: "", name: "f", json: BERN }), chunk({ index: 0, id: "", name: "g", json: ROME })],
  ],
  [
    "in pieces at one place",
    [
      chunk({ index: 0, id: "a", name: "f", json: BERN.slice(0, 5) }),
      chunk({ index: 0, json: BERN.slice(5) }),
      chunk({ index: 0, id: "b", name: "g", json: "" }),
      chunk({ index: 0, json: ROME }),
    ],
  ],
  [
    "with id and name in every piece",
    [
      chunk(
        { index: 0, id: "a", name: "f", json: BERN.slice(0, 5) },
        { index: 1, id: "b", name: "g", json: ROME.slice(0, 5) },
      ),
      chunk(
        { index: 1, id: "b", name: "g", json: ROME.slice(5) },
        { index: 0, id: "a", name: "f", json: BERN.slice(5) },
      ),
    ],
  ],
  [
    "with the name in every piece and no id",
    [
      chunk({ index: 0, name: "f", json: BERN.slice(0, 5) }),
      chunk({ index: 0, name: "f", json: BERN.slice(5) }),
      chunk({ index: 0, name: "f", json: "" }),
      chunk({ index: 1, name: "g", json: ROME }),
    ],
  ],
])("two calls %s are two calls", (_how, chunks) => {
  expect(callsOf(chunks)).toEqual([
    { name: "f", json: BERN },
    { name: "g", json: ROME },
  ]);
});

test("a chunk without calls comes back as it is", () => {
  const firstChunk = chunk();
  expect(createCallIndexes()(firstChunk)).toBe(firstChunk);
});
