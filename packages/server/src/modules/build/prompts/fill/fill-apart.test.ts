import { PromptContent } from "@treadle/contract";
import { afterAll, describe, expect, test } from "vitest";
import { createFillApart } from "./fill-apart.ts";

const fill = createFillApart();
afterAll(() => fill.close());

const text = (template: string, more: object = {}) => PromptContent.parse({ type: "text", template, ...more });
const chat = (messages: object[], more: object = {}) => PromptContent.parse({ type: "chat", messages, ...more });

describe("an endless template is stopped, and the templates after it are rendered:", () => {
  const loops = `${"{% for a in range(1000) %}".repeat(4)}x${"{% endfor %}".repeat(4)}`;
  test.each([
    ["Jinja's loops", text(loops, { format: "jinja" }), {}],
    ["Jinja's lists", text("{% for a in range(1000000000) %}x{% endfor %}", { format: "jinja" }), {}],
    [
      "a text that doubles",
      text(
        "{% set ns = namespace(x='abcdefgh') %}{% for a in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x|upper }}",
        {
          format: "jinja",
        },
      ),
      {},
    ],
    [
      "Liquid's loops",
      text(`${"{% for a in (1..100000) %}".repeat(3)}x${"{% endfor %}".repeat(3)}`, { format: "liquid" }),
      {},
    ],
    [
      "a pattern of the schema",
      text("{{a}}", { inputs: { type: "object", properties: { a: { type: "string", pattern: "^(a+)+$" } } } }),
      { a: `${"a".repeat(40)}!` },
    ],
  ])("%s", async (_what, content, inputs) => {
    const startedAt = performance.now();
    const running = fill.fill(content, inputs);
    const next = fill.fill(text("Hi {{ name }}", { format: "jinja" }), { name: "Ada" });
    await expect(running).rejects.toMatchObject({ code: "unprocessable" });
    await expect(next).resolves.toMatchObject({ text: "Hi Ada" });
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  test("while one runs, the event loop turns", async () => {
    const running = fill.fill(text(loops, { format: "jinja" }), {}).catch(() => undefined);
    let turns = 0;
    const timer = setInterval(() => turns++, 5);
    await running;
    clearInterval(timer);
    expect(turns).toBeGreaterThan(20);
  });
});

describe("inputs are held to the schema", () => {
  const inputs = {
    type: "object",
    properties: {
      name: { type: "string" },
      tone: { enum: ["kind", "curt"] },
      items: { type: "array", items: { type: "object", properties: { n: { type: "integer" } } } },
      on: { type: "string", format: "date" },
    },
    required: ["name"],
    additionalProperties: false,
  };
  const greeting = text("Hi {{name}}", { inputs });

  test.each([
    [{}, "inputs.name: is missing"],
    [{ name: 5 }, "inputs.name: must be string"],
    [{ name: "A", tone: "rude" }, 'inputs.tone: must be one of "kind", "curt"'],
    [{ name: "A", items: [{ n: 1 }, { n: "x" }] }, "inputs.items[1].n: must be integer"],
    [{ name: "A", nmae: "B" }, "inputs.nmae: is not an input of this prompt"],
    [{ name: "A", on: "2026-13-45" }, "inputs.on: must match format"],
  ])("%j is refused with its place", async (given, message) => {
    await expect(fill.fill(greeting, given)).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining(message),
    });
  });

  test("what fits is filled in", async () => {
    const given = { name: "Ada", tone: "kind", items: [{ n: 1 }], on: "2026-11-26" };
    await expect(fill.fill(greeting, given)).resolves.toEqual({
      text: "Hi Ada",
      messages: [{ role: "user", content: "Hi Ada" }],
    });
  });

  test.each([
    [{ type: "string" }, 'its `type` must be "object"'],
    [{ type: "object", properties: { a: { type: "texts" } } }, "cannot be used"],
    [{ properties: { a: { $ref: "https://example.com/schema" } } }, "points outside the schema"],
    [{ properties: { a: { pattern: "(" } } }, "cannot be used"],
  ])("the schema %j is refused", async (schema, message) => {
    await expect(fill.check(text("x", { inputs: schema }))).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringContaining(message),
    });
  });
});

describe("a chat prompt", () => {
  const prompt = chat([
    { role: "system", content: "You are {{mood}}." },
    { placeholder: "history" },
    { role: "user", content: "{{question}}" },
  ]);

  test("has its conversation put where the placeholder stands, untouched", async () => {
    const history = [
      { role: "user", content: "{{mood}}" },
      { role: "assistant", content: null, tool_calls: [{ id: "c1" }] },
    ];
    const filled = await fill.fill(prompt, { mood: "kind", question: "Why?", history });
    expect(filled).toEqual({
      text: null,
      messages: [{ role: "system", content: "You are kind." }, ...history, { role: "user", content: "Why?" }],
    });
  });

  test.each([
    ["a text", "inputs.history: must be a list of messages"],
    [["a text"], "inputs.history[0]: must be a message with a `role`"],
  ])("refuses %j as a conversation", async (history, message) => {
    await expect(fill.fill(prompt, { history })).rejects.toMatchObject({
      code: "invalid_request",
      message: `${message}.`,
    });
  });

  test("names the message whose template cannot be read", async () => {
    const broken = chat([
      { role: "system", content: "fine" },
      { role: "user", content: "{{#a}}" },
    ]);
    await expect(fill.check(broken)).rejects.toMatchObject({
      code: "unprocessable",
      details: { param: "messages[1]" },
    });
  });
});
