import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, requestOf } from "./testing/ask.ts";
import { openTinyInference } from "./testing/open-tiny-inference.ts";
import { writeOnnxFolder } from "./testing/write-onnx-folder.ts";

/**
 * A library with the interface of transformers.js: letters are tokens, and 256 ends an answer. The most likely token
 * after a letter is the next letter of the alphabet, up to `z`, after which the answer ends.
 */
const LIBRARY = `
const letters = (text) => [...Buffer.from(text)];
class Tensor { constructor(type, data, dims) { Object.assign(this, { type, data, dims }); } }
const read = (folder) => require("node:fs").readFileSync(folder + "/config.json", "utf8");
exports.env = {};
exports.Tensor = Tensor;
exports.AutoTokenizer = class {
  static async from_pretrained(folder) {
    if (exports.env.allowRemoteModels !== false) throw new Error("it could reach a network");
    return {
      all_special_tokens: ["<end>"], bos_token: null, eos_token: "<end>",
      chat_template: "{% for m in messages %}{{ m.role }}: {{ m.content }}<end>{% endfor %}",
      encode: (text) => text.split("<end>").flatMap((part, at) => (at === 0 ? letters(part) : [256, ...letters(part)])),
      decode: (ids) => Buffer.from(ids.filter((id) => id < 256)).toString("utf8"),
    };
  }
};
exports.AutoModelForCausalLM = class {
  static async from_pretrained(folder, { dtype, device }) {
    if (read(folder).includes("broken")) throw new Error("the graph cannot be read");
    return {
      generation_config: { eos_token_id: [256] },
      async generate({ input_ids, max_new_tokens, logits_processor, stopping_criteria, streamer }) {
        let last = Number(input_ids.data.at(-1));
        streamer.put([[...input_ids.data]]);
        for (let count = 0; count < max_new_tokens; count++) {
          await new Promise((resolve) => setTimeout(resolve, 2));
          const logits = new Tensor("float32", new Float32Array(257).fill(-20), [1, 257]);
          const next = last === 122 ? 256 : last + 1;
          logits.data[next] = 0;
          logits.data[65] = -1;
          const changed = logits_processor.reduce((found, change) => change([], found), logits);
          last = changed.data.indexOf(Math.max(...changed.data));
          streamer.put([[BigInt(last)]]);
          if (stopping_criteria.some((stops) => stops([])[0])) break;
        }
        streamer.end();
      },
      async dispose() {},
    };
  }
};
`;

let opened: Awaited<ReturnType<typeof openTinyInference>>;
let folder = "";
const model = () => join(folder, "model");
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-onnx-engine-"));
  const library = join(folder, "engine/node_modules/@huggingface/transformers");
  await mkdir(library, { recursive: true });
  await writeFile(join(library, "package.json"), '{"name": "@huggingface/transformers", "main": "index.cjs"}');
  await writeFile(join(library, "index.cjs"), LIBRARY);
  await writeOnnxFolder(model());
  opened = await openTinyInference({ onnxFolder: join(folder, "engine") });
  opened.inference.registerOnnx("letters", { ...(await opened.inference.inspectOnnx(model())), folder: model() });
}, 60_000);
afterAll(async () => {
  await opened?.close();
  await rm(folder, { recursive: true, force: true });
});

const saying = (text: string, more: object = {}) =>
  ask(opened.inference, { modelId: "letters", prompt: { text }, ...more });

describe("a model in ONNX", () => {
  test("answers in pieces until it ends, and counts its tokens", async () => {
    const { text, pieces, done } = await saying("u");
    expect(text).toBe("vwxyz");
    expect(pieces).toEqual(["v", "w", "x", "y", "z"]);
    expect(done).toMatchObject({ finishReason: "stop", promptTokens: 1, completionTokens: 5 });
  }, 60_000);

  test("is cut at as many tokens as were asked for, and by a stop sequence, of which nothing is shown", async () => {
    expect(await saying("a", { maxTokens: 3 })).toMatchObject({ text: "bcd", done: { finishReason: "length" } });
    expect(await saying("a", { stop: ["fg"] })).toMatchObject({
      text: "bcde",
      done: { finishReason: "stop", stopSequence: "fg" },
    });
  });

  test("draws otherwise at a temperature, the same for the same seed", async () => {
    const drawn = (seed: number) =>
      saying("a", { temperature: 2, topP: 1, seed, maxTokens: 12 }).then(({ text }) => text);
    expect(await drawn(1)).toBe(await drawn(1));
    const several = await Promise.all([1, 2, 3, 4, 5].map(drawn));
    expect(new Set(several).size).toBeGreaterThan(1);
  });

  test("is asked by its own template, and what a person types is no control token", async () => {
    const count = (text: string) =>
      opened.inference.countTokens({ modelId: "letters", prompt: { messages: [{ role: "user", text }] } });
    expect(await count("ab")).toBe("user: ab".length + 1);
    expect(await count("<end>")).toBe("user: <end>".length + 1);
  });

  test("stops when its caller has disconnected", async () => {
    const leaving = new AbortController();
    const answer = opened.inference.generate(
      requestOf({ modelId: "letters", prompt: { text: "A" }, maxTokens: null }),
      leaving.signal,
    );
    const read = (async () => {
      for await (const { type } of answer) if (type === "text") leaving.abort();
    })();
    await expect(read).rejects.toMatchObject({ code: "cancelled" });
  });

  test.each([
    ["tools", { tools: [{ name: "f", description: "", parameters: {} }] }],
    ["log-probabilities", { topLogprobs: 1 }],
    ["structured output", { jsonSchema: {} }],
  ])("says that it gives no %s", async (words, wish) => {
    await expect(saying("a", wish)).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining(`do not support ${words} here`),
    });
  });

  test("refuses a prompt that is too long, and gives no probabilities of texts", async () => {
    await expect(saying("a".repeat(600))).rejects.toThrow("512 tokens, but the prompt has 600 tokens");
    const asked = { modelId: "letters", prompt: null, text: "ab" };
    await expect(opened.inference.logprobs(asked, new AbortController().signal)).rejects.toThrow("is an ONNX model");
  });

  test("that cannot be read is reported, and the others continue", async () => {
    const broken = join(folder, "broken");
    await writeOnnxFolder(broken, [], { note: "broken" });
    opened.inference.registerOnnx("broken", { ...(await opened.inference.inspectOnnx(broken)), folder: broken });
    await expect(ask(opened.inference, { modelId: "broken" })).rejects.toThrow("the graph cannot be read");
    expect((await saying("y")).text).toBe("z");
  });

  test.each([
    ["config.json", "no config.json"],
    ["tokenizer.json", "no tokenizer.json"],
    ["onnx/model.onnx", "neither onnx/model.onnx nor"],
  ])("without its %s is refused", async (missing, words) => {
    const lacking = join(folder, `without-${missing.replace("/", "-")}`);
    await writeOnnxFolder(lacking, [missing]);
    await expect(opened.inference.inspectOnnx(lacking)).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringContaining(words),
    });
  });

  test("whose configuration lies about its size is refused", async () => {
    const lying = join(folder, "lying");
    await writeOnnxFolder(lying, [], { num_hidden_layers: 1e12 });
    await expect(opened.inference.inspectOnnx(lying)).rejects.toThrow("does not give the layers");
  });
});

test("without the library, the installation is explained", async () => {
  const without = await openTinyInference({ onnxFolder: join(folder, "nothing") });
  try {
    expect(without.inference.whyNoOnnx()).toContain("npm install --ignore-scripts --prefix");
    without.inference.registerOnnx("letters", { ...(await without.inference.inspectOnnx(model())), folder: model() });
    await expect(ask(without.inference, { modelId: "letters" })).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringContaining("@huggingface/transformers@4.3.1"),
    });
    expect(opened.inference.whyNoOnnx()).toBeNull();
  } finally {
    await without.close();
  }
}, 60_000);
