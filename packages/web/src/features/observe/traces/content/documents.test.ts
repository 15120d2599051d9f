import { expect, test } from "vitest";
import { documentsIn } from "./documents.ts";

test.each([
  ["a list", [{ id: "a", content: "text", score: 0.9, metadata: { title: "Page" } }]],
  ["a list inside", { documents: [{ id: "a", content: "text", score: 0.9, metadata: { title: "Page" } }] }],
  ["LangChain's", [{ id: "a", pageContent: "text", metadata: { title: "Page", score: 0.9 } }]],
  ["a wrapped one", { results: [{ document: { id: "a", text: "text", title: "Page" }, relevance_score: 0.9 }] }],
])("documents are read from %s", (_, value) => {
  expect(documentsIn(value)?.map(({ id, title, score, content }) => ({ id, title, score, content }))).toEqual([
    { id: "a", title: "Page", score: 0.9, content: "text" },
  ]);
});

test.each([[null], ["text"], [[]], [[{ role: "user", parts: [] }]], [{ rows: [1] }], [{ documents: ["a"] }]])(
  "%j holds no documents",
  (value) => {
    expect(documentsIn(value)).toBeUndefined();
  },
);
