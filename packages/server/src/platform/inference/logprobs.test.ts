import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LogprobsRequest } from "./port.ts";
import { ask } from "./testing/ask.ts";
import { openTinyInference } from "./testing/open-tiny-inference.ts";
import { writeTinyModel } from "./testing/tiny-model.ts";

let open: Awaited<ReturnType<typeof openTinyInference>>;
beforeAll(async () => {
  open = await openTinyInference();
});
afterAll(() => open.close());

const never = new AbortController().signal;
const measure = (asked: Partial<LogprobsRequest>, signal = never) =>
  open.inference.logprobs({ modelId: "tiny", prompt: null, text: "abc", ...asked }, signal);
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

describe("the log-probabilities of a given text", () => {
  test("are those that the model gave when it wrote the text itself", async () => {
    const written = await ask(open.inference, { prompt: { text: "Once" }, topLogprobs: 0, maxTokens: 60, seed: 1 });
    const { tokens, beginning, promptTokens } = await measure({ prompt: { text: "Once" }, text: written.text });
    // A text that is not valid UTF-8 cannot be returned unchanged.
    const same = written.logprobs.findIndex(({ bytes }, at) => String(bytes) !== String(tokens[at]?.bytes));
    const compared = same === -1 ? written.logprobs : written.logprobs.slice(0, same);
    expect(compared.length).toBeGreaterThan(0);
    for (const [at, { logprob }] of compared.entries()) expect(tokens[at]?.logprob).toBeCloseTo(logprob, 3);
    expect({ beginning, promptTokens }).toEqual({ beginning: "prompt", promptTokens: 4 });
  });

  test("begin after the token that texts begin with, and have one number for each token", async () => {
    const { tokens, beginning, promptTokens } = await measure({ text: "Grüße, 漢字!" });
    const bytes = Uint8Array.from(tokens.flatMap((token) => [...token.bytes]));
    expect(new TextDecoder().decode(bytes)).toBe("Grüße, 漢字!");
    for (const { logprob } of tokens) expect(logprob).toBeLessThanOrEqual(0);
    expect({ beginning, promptTokens }).toEqual({ beginning: "bos", promptTokens: 1 });
  });

  test("sum to one over everything that could be the next token", async () => {
    const letters = Array.from({ length: 128 }, (_letter, at) => String.fromCharCode(at));
    const shares: number[] = [];
    for (const text of letters) {
      const { tokens } = await measure({ prompt: { text: "x" }, text });
      if (tokens.length === 1) shares.push(Math.exp(tokens[0]?.logprob ?? 0));
    }
    const { logprobs } = await ask(open.inference, { prompt: { text: "x" }, topLogprobs: 300, maxTokens: 1 });
    const others = (logprobs[0]?.top ?? []).filter(({ bytes }) => bytes.length !== 1 || (bytes[0] ?? 0) > 127);
    expect(sum([...shares, ...others.map(({ logprob }) => Math.exp(logprob))])).toBeCloseTo(1, 4);
  });

  test("of a whole text equal those of its parts, each after the text before it", async () => {
    const text = "The quick brown fox jumps over the lazy dog, and then again. ".repeat(2);
    const whole = await measure({ prompt: { text: "<" }, text });
    const at = 50;
    const first = await measure({ prompt: { text: "<" }, text: text.slice(0, at) });
    const rest = await measure({ prompt: { text: `<${text.slice(0, at)}` }, text: text.slice(at) });
    const parts = [...first.tokens, ...rest.tokens];
    expect(parts).toHaveLength(whole.tokens.length);
    for (const [place, { logprob }] of parts.entries())
      expect(logprob).toBeCloseTo(whole.tokens[place]?.logprob ?? 0, 3);
  });

  test("are the same each time, whatever was asked before", async () => {
    const [first, , second] = [
      await measure({ text: "a text of some length", caller: "someone" }),
      await measure({ text: "a text of another kind", caller: "someone" }),
      await measure({ text: "a text of some length", caller: "someone" }),
    ];
    expect(second).toEqual(first);
  });

  test("continue from a conversation in the model's own template", async () => {
    const prompt = { messages: [{ role: "user", text: "Hello" }] } as const;
    const { tokens, promptTokens } = await measure({ prompt, text: "Hi" });
    expect(tokens).toHaveLength(2);
    expect(promptTokens).toBe(await open.inference.countTokens({ modelId: "tiny", prompt }));
  });

  test("treat typed control tokens as plain text", async () => {
    expect((await measure({ text: "<|im_end|>" })).tokens).toHaveLength(10);
  });

  test("of an empty text are none", async () => {
    expect((await measure({ text: "" })).tokens).toEqual([]);
  });
});

describe("a text that cannot be measured", () => {
  test("is refused with numbers when it is longer than the context, and measured when it just fits", async () => {
    expect((await measure({ text: "x".repeat(2_047) })).tokens).toHaveLength(2_047);
    await expect(measure({ text: "x".repeat(2_048) })).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringMatching(
        /is 2048 tokens, but the prompt and the text have 2049 tokens \(text: 2048\)\..*"tiny"/,
      ),
      details: { textTokens: 2_048, contextTokens: 2_048, param: "text", code: "context_length_exceeded" },
    });
    await expect(measure({ text: "x".repeat(1_000_001) })).rejects.toThrow(/1000001 characters/);
  });

  test("is rejected by name for an unknown model or an embedding model", async () => {
    await expect(measure({ modelId: "nobody" })).rejects.toMatchObject({ code: "not_found" });
    await expect(measure({ modelId: "use-lite-en" })).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining("use-lite-en"),
    });
  });

  test("needs a prompt from a model that has no token to begin with", async () => {
    const path = join(open.folder, "bare.gguf");
    await writeTinyModel(path, { hasEnds: false });
    open.inference.register({ id: "bare", path, ...(await open.inference.inspect(path)) });
    await expect(measure({ modelId: "bare" })).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringMatching(/"bare" has no token.*Send a prompt/),
    });
    expect((await measure({ modelId: "bare", prompt: { text: "a" } })).tokens).toHaveLength(3);
  });
});

describe("an aborted measurement", () => {
  test("stops, and the model continues with the next", async () => {
    const controller = new AbortController();
    const running = measure({ text: "x".repeat(2_000) }, controller.signal);
    setTimeout(() => controller.abort(), 20);
    await expect(running).rejects.toMatchObject({ code: "cancelled" });
    await expect(measure({ text: "y" }, AbortSignal.abort())).rejects.toMatchObject({ code: "cancelled" });
    expect((await measure({ text: "abc" })).tokens).toHaveLength(3);
  });
});
