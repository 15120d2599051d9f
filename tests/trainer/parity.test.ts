import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Template } from "@huggingface/jinja";
import { getLlama, type Llama, LlamaLogLevel, type LlamaModel, type Token } from "node-llama-cpp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

const python = process.env.TREADLE_TRAINER_PYTHON ?? "";
const SOURCES = join(import.meta.dirname, "../../packages/trainer/src");

const Message = z.object({ role: z.string(), content: z.string() });
const Asked = z.object({
  messages: z.array(Message),
  text: z.string(),
  ids: z.array(z.number()),
  answer_ids: z.array(z.number()),
  answer: z.string(),
  taught: z.string(),
});
const Expected = z.object({
  chat_template: z.string(),
  asked: z.array(Asked).min(1),
  rendered: z.array(z.object({ messages: z.array(Message), text: z.string() })).min(1),
  texts: z.array(z.object({ text: z.string(), ids: z.array(z.number()) })).min(1),
});
const Files = z.object({ base: z.string(), adapter: z.string(), tuned: z.string(), expected: z.string() });

// Without TREADLE_TRAINER_PYTHON, a Python with packages/trainer/requirements.txt, there is nothing to compare with.
describe.runIf(python !== "")("a fine-tune that leaves the trainer (needs TREADLE_TRAINER_PYTHON)", () => {
  let folder: string;
  let files: z.output<typeof Files>;
  let expected: z.output<typeof Expected>;
  let llama: Llama;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "treadle-parity-"));
    const command = ["-m", "treadle_trainer", "make-parity", "--out", folder];
    const env = { PATH: process.env.PATH, PYTHONPATH: SOURCES, OMP_NUM_THREADS: "1" };
    const { stdout } = await promisify(execFile)(python, command, { env, maxBuffer: 2 ** 24 });
    files = Files.parse(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
    expected = Expected.parse(JSON.parse(await readFile(files.expected, "utf8")));
    llama = await getLlama({
      gpu: false,
      build: "never",
      skipDownload: true,
      maxThreads: 1,
      logLevel: LlamaLogLevel.error,
    });
  }, 600_000);
  afterAll(async () => {
    await llama?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  test("has learnt what it was taught", () => {
    expect(expected.asked.map(({ answer }) => answer)).toEqual(expected.asked.map(({ taught }) => taught));
  });

  test("is asked in the same words by Node as by Python", () => {
    const template = new Template(expected.chat_template);
    for (const { messages, text } of expected.asked)
      expect(template.render({ messages, add_generation_prompt: true })).toBe(text);
    for (const { messages, text } of expected.rendered)
      expect(template.render({ messages, add_generation_prompt: false })).toBe(text);
  });

  test("splits text into the same tokens in llama.cpp, and answers with the same tokens when it is merged", async () => {
    const model = await llama.loadModel({ modelPath: files.tuned, gpuLayers: 0 });
    for (const { text, ids } of expected.texts) expect(model.tokenize(text, false)).toEqual(ids);
    for (const { text, ids } of expected.asked) expect(model.tokenize(text, true)).toEqual(ids);
    expect(model.fileInfo.metadata.tokenizer.chat_template).toBe(expected.chat_template);
    expect(await answers(model)).toEqual(expected.asked.map((asked) => asked.answer_ids));
    await model.dispose();
  });

  test("answers with the same tokens as an adapter on its base, which alone does not", async () => {
    const model = await llama.loadModel({ modelPath: files.base, gpuLayers: 0 });
    const taught = expected.asked.map((asked) => asked.answer_ids);
    expect(await answers(model, { adapters: [{ filePath: files.adapter }] })).toEqual(taught);
    expect(await answers(model)).not.toEqual(taught);
    await model.dispose();
  });

  async function answers(model: LlamaModel, lora?: { adapters: { filePath: string }[] }): Promise<number[][]> {
    const context = await model.createContext({ contextSize: 512, threads: 1, ...(lora && { lora }) });
    const ids: number[][] = [];
    for (const asked of expected.asked) {
      const sequence = context.getSequence();
      const answer: Token[] = [];
      for await (const token of sequence.evaluate(model.tokenize(asked.text, true), { temperature: 0 })) {
        if (token === model.tokens.eos || answer.length === asked.answer_ids.length + 4) break;
        answer.push(token);
      }
      ids.push(answer);
      sequence.dispose();
    }
    await context.dispose();
    return ids;
  }
});
