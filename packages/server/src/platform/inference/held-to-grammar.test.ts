import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask } from "./testing/ask.ts";
import { openTinyInference } from "./testing/open-tiny-inference.ts";
import { writeTinyModel } from "./testing/tiny-model.ts";

let open: Awaited<ReturnType<typeof openTinyInference>>;
beforeAll(async () => {
  open = await openTinyInference();
});
afterAll(() => open.close());

const SCHEMAS: Readonly<Record<string, object>> = {
  "numbers in bounds": {
    type: "object",
    properties: {
      age: { type: "integer", minimum: 18, maximum: 120 },
      share: { type: "number", minimum: 0, maximum: 1 },
    },
    required: ["age", "share"],
  },
  "optional properties": {
    type: "object",
    properties: { a: { type: "boolean" }, b: { type: "null" }, c: { enum: [1, "x"] } },
    additionalProperties: false,
  },
  "texts of a length": {
    type: "object",
    properties: { name: { type: "string", minLength: 2, maxLength: 5 } },
    required: ["name"],
  },
  "dates and ids": {
    type: "object",
    properties: {
      at: { type: "string", format: "date-time" },
      on: { type: "string", format: "date" },
      id: { type: "string", format: "uuid" },
    },
    required: ["at", "on", "id"],
  },
  "lists and tuples": {
    type: "object",
    properties: {
      list: { type: "array", items: { type: "boolean" }, minItems: 2, maxItems: 4 },
      pair: { type: "array", prefixItems: [{ type: "integer" }, { const: "x" }], minItems: 2 },
    },
    required: ["list", "pair"],
  },
  trees: {
    $defs: {
      node: {
        type: "object",
        properties: { leaf: { type: "boolean" }, next: { anyOf: [{ type: "null" }, { $ref: "#/$defs/node" }] } },
        required: ["leaf", "next"],
      },
    },
    $ref: "#/$defs/node",
  },
  "several types": {
    type: "object",
    properties: { a: { type: ["integer", "null"], minimum: 0 }, b: { oneOf: [{ const: true }, { const: "no" }] } },
    required: ["a", "b"],
  },
  maps: { type: "object", additionalProperties: { type: "boolean" }, minProperties: 1, maxProperties: 2 },
};

describe("JSON that is held to a schema validates against it:", () => {
  const ajv = new Ajv2020({
    strict: false,
    formats: {
      "date-time": (text: string) => !Number.isNaN(Date.parse(text)),
      date: /^\d{4}-\d\d-\d\d$/,
      uuid: /^[0-9a-f-]{36}$/,
    },
  });

  test.each(Object.entries(SCHEMAS))("%s", async (_what, jsonSchema) => {
    const validate = ajv.compile(jsonSchema);
    let whole = 0;
    for (const seed of [1, 2, 3, 4, 5]) {
      const answer = await ask(open.inference, { jsonSchema, temperature: 1, topP: 1, seed, maxTokens: 1_500 });
      // A random model may lose itself in a tree or a text; what it ended must be right.
      if (answer.done.finishReason === "length") continue;
      whole++;
      expect(validate(JSON.parse(answer.text)), `${answer.text} ${ajv.errorsText(validate.errors)}`).toBe(true);
    }
    expect(whole).toBeGreaterThan(0);
  });

  test("any object, when none is given", async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4].map((seed) => ask(open.inference, { jsonSchema: {}, temperature: 1, seed, maxTokens: 1_500 })),
    );
    const whole = answers.filter(({ done }) => done.finishReason === "stop");
    expect(whole.length).toBeGreaterThan(0);
    for (const { text } of whole) expect(JSON.parse(text)).toBeTypeOf("object");
  });
});

describe("a tool call", () => {
  const parameters = {
    type: "object",
    properties: { city: { enum: ["Paris", "Rome"] }, days: { type: "integer", minimum: 1, maximum: 9 } },
    required: ["city", "days"],
    additionalProperties: false,
  };
  const tools = [
    { name: "weather", description: "The weather of a city", parameters },
    {
      name: "time",
      description: "The time",
      parameters: { type: "object", properties: {}, additionalProperties: false },
    },
  ];
  const validate = new Ajv2020().compile(parameters);

  test("that is required is one of the tools, with arguments that fit it", async () => {
    for (const seed of [1, 2, 3, 4]) {
      const answer = await ask(open.inference, { tools, toolChoice: "required", temperature: 1, seed, maxTokens: 200 });
      expect(answer).toMatchObject({ text: "", done: { finishReason: "tool_calls" } });
      const [call] = answer.calls;
      if (call?.name === "weather") expect(validate(JSON.parse(call.arguments)), call.arguments).toBe(true);
      else expect(call).toMatchObject({ name: "time", arguments: "{}" });
    }
  });

  test("that is named is that tool", async () => {
    const answer = await ask(open.inference, {
      tools,
      toolChoice: { name: "weather" },
      temperature: 1,
      seed: 9,
      maxTokens: 200,
    });
    expect(answer.calls).toMatchObject([{ name: "weather" }]);
    expect(validate(JSON.parse(answer.calls[0]?.arguments ?? ""))).toBe(true);
  });

  test("that is cut short reports this and retains the partial result", async () => {
    const answer = await ask(open.inference, { tools, toolChoice: { name: "weather" }, maxTokens: 40 });
    expect(answer.done.finishReason).toBe("length");
    expect(answer.calls).toMatchObject([{ name: "weather", arguments: expect.stringMatching(/^\{/) }]);
  });

  test("that the model begins on its own is one of the tools with arguments that fit, as often as it likes", async () => {
    const path = join(open.folder, "caller.gguf");
    await writeTinyModel(path, { says: "<tool_call>" });
    open.inference.register({ id: "caller", path, ...(await open.inference.inspect(path)) });
    const answer = await ask(open.inference, { modelId: "caller", tools, temperature: 1, seed: 5, maxTokens: 300 });
    expect(answer.calls.length).toBeGreaterThan(1);
    for (const call of answer.calls) {
      if (call.name === "weather") expect(validate(JSON.parse(call.arguments)), call.arguments).toBe(true);
      else expect(call).toMatchObject({ name: "time", arguments: "{}" });
    }
  });

  test("is left to the model where it may choose, and text stays text", async () => {
    const answer = await ask(open.inference, { tools, maxTokens: 60 });
    expect(answer.calls).toEqual([]);
    expect(answer.text.length).toBeGreaterThan(20);
  });

  test("that cannot be made is refused with the reason", async () => {
    await expect(ask(open.inference, { toolChoice: "required" })).rejects.toMatchObject({ code: "invalid_request" });
    await expect(ask(open.inference, { tools, toolChoice: { name: "nobody" } })).rejects.toThrow(
      /"nobody", which is not in `tools`/,
    );
  });
});

test("a grammar that the engine cannot read is refused as the caller's, and the model answers on", async () => {
  // The way round by `b` is only seen once `b` is known: the engine is the one to notice.
  const jsonSchema = {
    $ref: "#/$defs/a",
    $defs: {
      a: { anyOf: [{ type: "object", properties: { b: { $ref: "#/$defs/b" } } }, { $ref: "#/$defs/b" }] },
      b: { anyOf: [{ $ref: "#/$defs/a" }, { type: "null" }] },
    },
  };
  await expect(ask(open.inference, { jsonSchema })).rejects.toMatchObject({
    code: "invalid_request",
    message: expect.stringMatching(/cannot enforce the JSON schema of the response/),
    details: { param: "response_format" },
  });
  expect((await ask(open.inference, { jsonSchema: { type: "null" } })).text).toBe("null");
});
