import { expect, test } from "vitest";
import { readSpan } from "../../dialects/index.ts";
import { makeReceivedSpan } from "../../dialects/testing/make-received-span.ts";
import { createSetAside } from "./set-aside.ts";
import { toSpan } from "./to-span.ts";

const understand = (...given: Parameters<typeof makeReceivedSpan>) => {
  const span = makeReceivedSpan(...given);
  return toSpan({ span, reading: readSpan(span), notes: [] }, createSetAside());
};

test("messages in events are stored once", () => {
  const span = understand(
    { "gen_ai.operation.name": "chat" },
    { events: [{ name: "gen_ai.user.message", attributes: { content: "hi" } }, { name: "cache.miss" }] },
  );
  expect(span.input).toEqual([{ role: "user", parts: [{ type: "text", content: "hi" }] }]);
  expect(span.events.map(({ name }) => name)).toEqual(["cache.miss"]);
});

test("what no dialect knows stays among the attributes, and what one knows does not", () => {
  const { attributes } = understand({ "gen_ai.operation.name": "chat", "gen_ai.input.messages": "[]", "app.own": 7 });
  expect(attributes).toMatchObject({ "app.own": 7, "gen_ai.operation.name": "chat" });
  expect(attributes).not.toHaveProperty(["gen_ai.input.messages"]);
});

test("input too long for a row is named by an attribute, and a note says that a part is shown", () => {
  const messages = Array.from({ length: 3_000 }, () => ({ role: "user", content: "x".repeat(500) }));
  const span = understand({ "gen_ai.operation.name": "chat", "gen_ai.input.messages": JSON.stringify(messages) });
  expect(span.input).toHaveProperty("length");
  expect(span.attributes["treadle.input.whole"]).toMatch(/^treadle-object:[0-9a-f]{64}\?type=application\/json/);
  expect(span.attributes["treadle.notes"]).toEqual([expect.stringContaining("Its input is too long for a row")]);
  expect(span.attributes).not.toHaveProperty(["treadle.output.whole"]);
});
