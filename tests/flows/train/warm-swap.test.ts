import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { writeTinyAdapter } from "../../../packages/server/src/platform/inference/testing/tiny-adapter.ts";
import { writeTinyModel } from "../../../packages/server/src/platform/inference/testing/tiny-model.ts";
import { importModel } from "../../setup/import-model.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

type Whole = { model: string; choices: [{ message: { content: string }; finish_reason: string | null }] };

let treadle: SharedTreadle;
let folder = "";
let call: Client["call"];
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-swap-"));
  treadle = await openSharedTreadle();
  call = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }).call;
  await writeTinyModel(at("one.gguf"), { seed: 1 });
  await writeTinyModel(at("two.gguf"), { seed: 5 });
  await writeTinyAdapter(at("a.gguf"), { seed: 3 });
  await writeTinyAdapter(at("b.gguf"), { seed: 11 });
  await importModel(call, { name: "whole", source: at("one.gguf") });
  await importModel(call, { name: "whole", source: at("two.gguf") });
  await importModel(call, { name: "tuned", source: at("a.gguf"), base: "whole@v1" });
  await importModel(call, { name: "tuned", source: at("b.gguf"), base: "whole@v1" });
}, 180_000);
afterAll(async () => {
  await treadle?.stop();
  await rm(folder, { recursive: true, force: true });
});

type Asked = { readonly isStream: boolean; readonly tokens?: number; readonly onFirst?: () => void };
type Answer = { readonly model: string; readonly text: string; readonly isWhole: boolean; readonly begunAt: number };

/** Requests one greedy answer. A stream is complete when it contains its finish reason and its end marker. */
async function complete(model: string, { isStream, tokens = 24, onFirst }: Asked): Promise<Answer> {
  const begunAt = performance.now();
  const response = await fetch(`${treadle.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${treadle.apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({
      model,
      stream: isStream,
      temperature: 0,
      max_tokens: tokens,
      messages: [{ role: "user", content: "Hello" }],
    }),
  });
  if (response.status !== 200) throw new Error(`${model} answered ${response.status}: ${await response.text()}`);
  if (!isStream) {
    const { model: name, choices } = (await response.json()) as Whole;
    return { model: name, text: choices[0].message.content, isWhole: choices[0].finish_reason !== null, begunAt };
  }
  if (!response.body) throw new Error("the answer has no body");
  const decoder = new TextDecoder();
  let output = "";
  for await (const bytes of response.body) {
    output += decoder.decode(bytes, { stream: true });
    onFirst?.();
  }
  const lines = output.split("\n").filter((line) => line.startsWith("data: "));
  const chunks = lines.filter((line) => line !== "data: [DONE]").map((line) => JSON.parse(line.slice(6)));
  const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("");
  const isWhole = lines.at(-1) === "data: [DONE]" && chunks.at(-1).choices[0].finish_reason !== null;
  return { model: chunks[0].model, text, isWhole, begunAt };
}

/** Callers who send one request after another until they are stopped. */
function keepAsking(model: string, callers: number) {
  const answers: Answer[] = [];
  let isOver = false;
  const loop = async (caller: number) => {
    for (let turn = caller; !isOver; turn++) answers.push(await complete(model, { isStream: turn % 3 > 0 }));
  };
  const loops = Promise.all(Array.from({ length: callers }, (_, caller) => loop(caller)));
  return {
    answers,
    /** Resolves after this many more answers. */
    async more(count: number) {
      const wanted = answers.length + count;
      await expect.poll(() => answers.length, { timeout: 150_000, interval: 10 }).toBeGreaterThanOrEqual(wanted);
    },
    async stop(): Promise<readonly Answer[]> {
      isOver = true;
      await loops;
      return answers;
    },
  };
}

describe.each(["whole", "tuned"])("while %s is asked all the time", (name) => {
  const params = { name, alias: "production" };
  const model = `${name}@production`;
  const point = (version: string) =>
    call("PUT /api/v1/registry/models/:name/aliases/:alias", { params, body: { version } });

  test("its alias moves and moves back: no call is rejected, no stream is cut, later calls get the new version", async () => {
    await point("1");
    // No caller has used the second version yet, so the first call after the move loads it into memory.
    const asking = keepAsking(model, 5);
    await asking.more(6);
    const long = { isStream: true, tokens: 600 };
    const { promise: begun, resolve: onFirst } = Promise.withResolvers<void>();
    const across = complete(model, { ...long, onFirst });
    await begun;
    await point("2");
    const movedAt = performance.now();
    await asking.more(15);
    const { model: began, text, isWhole } = await across;
    expect({ began, isWhole }).toEqual({ began: `${name}@v1`, isWhole: true });
    expect(text).toBe((await complete(`${name}@v1`, long)).text);

    const rolledFrom = performance.now();
    await call("POST /api/v1/registry/models/:name/aliases/:alias/rollback", { params, body: {} });
    const rolledAt = performance.now();
    await asking.more(15);

    const answers = await asking.stop();
    const texts = new Map<string, string>();
    for (const version of [`${name}@v1`, `${name}@v2`])
      texts.set(version, (await complete(version, { isStream: true })).text);
    expect(new Set(texts.values()).size).toBe(2);
    for (const answer of answers) {
      expect(answer.isWhole).toBe(true);
      expect(answer.text, answer.model).toBe(texts.get(answer.model));
      if (answer.begunAt > rolledAt) expect(answer.model).toBe(`${name}@v1`);
      else if (answer.begunAt > movedAt && answer.begunAt < rolledFrom) expect(answer.model).toBe(`${name}@v2`);
    }
    const counts = Map.groupBy(answers, (answer) => answer.model);
    for (const version of ["v1", "v2"]) expect(counts.get(`${name}@${version}`)?.length).toBeGreaterThanOrEqual(10);
  }, 240_000);
});
