import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const WORDS = "amber birch cedar dune ember fjord grove heath inlet jetty".split(" ");

/** A provider of one model whose answers change when a test says so. */
export type ChangingProvider = {
  /** The base of its OpenAI-compatible routes. */
  readonly baseUrl: string;
  /** How it answers from now on. `down` answers with status 500. */
  become(state: "first" | "changed" | "down"): void;
  close(): Promise<void>;
};

/**
 * Every fifth short prompt has two answers in turn, which become one answer after the change. Answers at a temperature above 0 are
 * random words, and other words after the change.
 */
export async function startChangingProvider(): Promise<ChangingProvider> {
  let state: Parameters<ChangingProvider["become"]>[0] = "first";
  const calls = new Map<string, number>();
  function answer({ messages, temperature }: Asked): string {
    const text = messages.at(-1)?.content ?? "";
    const call = (calls.get(text) ?? 0) + 1;
    calls.set(text, call);
    const hash = hashOf(text);
    const half = state === "first" ? 0 : WORDS.length / 2;
    const pick = (from: number) => WORDS[half + (from % (WORDS.length / 2))] ?? "";
    if (temperature > 0)
      return Array.from({ length: 8 }, (_, place) => pick(hashOf(`${text} ${call} ${place}`))).join(" ");
    if (hash % 5 !== 0) return WORDS[hash % WORDS.length] ?? "";
    return state === "changed" || call % 2 === 0 ? "First" : "Second";
  }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const isDown = state === "down";
    response.writeHead(isDown ? 500 : 200, { "content-type": "application/json" });
    if (isDown) return response.end('{"error":{"message":"The engine has crashed."}}');
    const asked = JSON.parse(Buffer.concat(chunks).toString() || '{"messages":[],"temperature":0}') as Asked;
    response.end(JSON.stringify(completion(answer(asked))));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    become(next) {
      state = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Asked = { readonly messages: readonly { readonly content: string }[]; readonly temperature: number };

const completion = (content: string) => ({
  id: "chatcmpl-changing",
  object: "chat.completion",
  created: 1_700_000_000,
  model: "model-1",
  choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
  usage: { prompt_tokens: 11, completion_tokens: 2, total_tokens: 13 },
});

const hashOf = (text: string) => createHash("sha256").update(text).digest().readUInt32BE(0);
