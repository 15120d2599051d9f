import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readGgufAdapter } from "./gguf/header.ts";
import type { GenerateEvent, Inference } from "./port.ts";
import { ask } from "./testing/ask.ts";
import { openTinyInference } from "./testing/open-tiny-inference.ts";
import { writeTinyAdapter } from "./testing/tiny-adapter.ts";
import { writeTinyModel } from "./testing/tiny-model.ts";

let tiny: Awaited<ReturnType<typeof openTinyInference>>;
let inference: Inference;
const path = (name: string) => join(tiny.folder, "adapters", name);

beforeAll(async () => {
  tiny = await openTinyInference();
  inference = tiny.inference;
  await mkdir(join(tiny.folder, "adapters"));
});
afterAll(() => tiny.close());

async function register(id: string, adapter: Parameters<typeof writeTinyAdapter>[1]) {
  await writeTinyAdapter(path(id), adapter);
  const { sizeBytes } = await inference.inspectAdapter(path(id));
  inference.registerAdapter(id, { overId: "tiny", path: path(id), sizeBytes, scale: 1 });
}
async function answerOf(modelId: string) {
  const events: GenerateEvent[] = [];
  const request = {
    modelId,
    prompt: { text: "The first words" },
    maxTokens: 24,
    temperature: 0,
    topP: null,
    seed: 1,
    stop: [],
    topLogprobs: null,
    jsonSchema: null,
    tools: [],
    toolChoice: "auto" as const,
  };
  for await (const event of inference.generate(request, new AbortController().signal)) events.push(event);
  return events.map((event) => (event.type === "text" ? event.text : "")).join("");
}

/** The memory of a process apart from mapped files. */
async function anonymousBytes(pid: number | null): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024;
}

describe("adapters over one model", () => {
  test("answer each in its own way, and leave the model as it was", async () => {
    const before = await answerOf("tiny");
    await register("one", { seed: 3 });
    await register("two", { seed: 11 });
    await register("none", { strength: 0 });
    const [one, two] = [await answerOf("one"), await answerOf("two")];
    expect(new Set([before, one, two]).size).toBe(3);
    expect(await answerOf("none")).toBe(before);
    expect([await answerOf("one"), await answerOf("two"), await answerOf("tiny")]).toEqual([one, two, before]);
  });

  test("share the weights: the model is in memory once, and stays while an adapter is loaded", async () => {
    await answerOf("one");
    const states = new Map(inference.list().map(({ id, state }) => [id, state]));
    expect(states.get("tiny")).toBe("loaded");
    expect(states.get("one")).toBe("loaded");
    await inference.unload("tiny");
    expect(inference.list().filter(({ state }) => state === "loaded")).toEqual([]);
    expect(inference.memory().usedBytes).toBe(0);
    expect((await answerOf("one")).length).toBeGreaterThan(0);
  });

  test("go with the model that is taken out", async () => {
    const other = await openTinyInference();
    await writeTinyAdapter(join(other.folder, "a.gguf"));
    other.inference.registerAdapter("a", {
      overId: "tiny",
      path: join(other.folder, "a.gguf"),
      sizeBytes: 1,
      scale: 1,
    });
    await other.inference.load("a");
    await other.inference.unregister("tiny");
    expect(["tiny", "a"].map(other.inference.isRegistered)).toEqual([false, false]);
    await other.close();
  });

  test("by the dozen take their own weights alone, each answers as itself, and one goes without the others", async () => {
    const many = await openTinyInference();
    const { inference: engine } = many;
    // The first two adapters open one context of some 35 MB, so the heap's own growth cannot be mistaken for another.
    await writeTinyModel(join(many.folder, "long.gguf"), { contextTokens: 32_768 });
    const facts = await engine.inspect(join(many.folder, "long.gguf"));
    engine.register({ id: "long", path: join(many.folder, "long.gguf"), ...facts });
    const textOf = async (modelId: string) => (await ask(engine, { modelId, maxTokens: 24 })).text;
    const ids = Array.from({ length: 12 }, (_, at) => `adapter-${at}`);
    for (const [at, id] of ids.entries()) {
      await writeTinyAdapter(join(many.folder, id), { seed: 7_919 * (at + 1), strength: 2 });
      const { sizeBytes } = await engine.inspectAdapter(join(many.folder, id));
      engine.registerAdapter(id, { overId: "long", path: join(many.folder, id), sizeBytes, scale: 1 });
    }
    const [first = "", second = "", ...others] = ids;
    const own = await textOf("long");
    const withModel = await anonymousBytes(engine.childPid());
    const texts = new Map([
      [first, await textOf(first)],
      [second, await textOf(second)],
    ]);
    const before = { used: engine.memory().usedBytes, bytes: await anonymousBytes(engine.childPid()) };
    for (const id of others) texts.set(id, await textOf(id));
    expect(new Set([own, ...texts.values()]).size).toBe(13);
    expect(engine.list().filter(({ state }) => state === "loaded")).toHaveLength(13);
    const grown = (await anonymousBytes(engine.childPid())) - before.bytes;
    expect(grown).toBeLessThan(before.bytes - withModel);
    expect(engine.memory().usedBytes - before.used).toBeLessThan(facts.sizeBytes);

    const running = textOf(second);
    await engine.unregister(first);
    expect(engine.isRegistered(first)).toBe(false);
    await expect(textOf(first)).rejects.toMatchObject({ code: "not_found" });
    expect(await running).toBe(texts.get(second));
    for (const id of [second, ...others]) expect(await textOf(id)).toBe(texts.get(id));
    expect(await textOf("long")).toBe(own);
    await many.close();
  });

  test("asked all at once wait for each other, and none gets another's answer", async () => {
    const ids = Array.from({ length: 5 }, (_, at) => `crowd-${at}`);
    for (const [at, id] of ids.entries()) await register(id, { seed: 200 + at });
    const alone = new Map<string, string>();
    for (const id of ids) alone.set(id, await answerOf(id));
    const turns = Array.from({ length: 30 }, (_, at) => ids[at % ids.length] ?? "");
    const answers = await Promise.all(turns.map(async (id) => [id, await answerOf(id)] as const));
    for (const [id, text] of answers) expect(text, id).toBe(alone.get(id));
  });

  test("over a model that is not there are refused", () => {
    const adapter = { overId: "nothing", path: "", sizeBytes: 1, scale: 1 };
    expect(() => inference.registerAdapter("x", adapter)).toThrow('no local model "nothing"');
  });
});

describe("the file of an adapter", () => {
  test("shows its changes, and is distinguished from a model", async () => {
    await writeTinyAdapter(path("facts"));
    expect(await inference.inspectAdapter(path("facts"))).toEqual({
      architecture: "llama",
      name: "Tiny adapter",
      alpha: 4,
      parameters: 512,
      targets: 2,
      sizeBytes: (await readFile(path("facts"))).length,
    });
    expect([await inference.kindOf(path("facts")), await inference.kindOf(tiny.path)]).toEqual(["adapter", "model"]);
    await expect(inference.inspect(path("facts"))).rejects.toThrow("it is an adapter");
    await expect(inference.inspectAdapter(tiny.path)).rejects.toThrow("it is a whole model");
  });

  test.each([
    ["another type", { "adapter.type": { type: "text", value: "ia3" } }, 'the type "ia3"'],
    ["no strength", { "adapter.lora.alpha": { type: "f32", value: 0 } }, "alpha is 0"],
    ["a strength that is no number", { "adapter.lora.alpha": { type: "text", value: "16" } }, "alpha is 16"],
  ] as const)("with %s is refused", async (_, metadata, why) => {
    await writeTinyAdapter(path("bad"), { metadata });
    await expect(inference.inspectAdapter(path("bad"))).rejects.toThrow(why);
  });

  test("that lacks half of a pair, or is cut off, is refused", async () => {
    await writeTinyAdapter(path("half"));
    const bytes = await readFile(path("half"));
    const renamed = Buffer.from(
      bytes.toString("latin1").replace("blk.1.attn_output.weight.lora_b", "blk.1.attn_output.weight.lora_c"),
      "latin1",
    );
    await writeFile(path("half"), renamed);
    await expect(readGgufAdapter(path("half"))).rejects.toThrow(/lora_b|not part of a LoRA/);
    for (const length of [30, 120, bytes.length - 40]) {
      await writeFile(path("half"), bytes.subarray(0, length));
      await expect(readGgufAdapter(path("half")), `${length}`).rejects.toMatchObject({ code: "unprocessable" });
    }
  });
});
