import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export type ScriptedJudge = {
  /** The base of its OpenAI-compatible routes. */
  readonly url: string;
  close(): Promise<void>;
};

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** A judge model on loopback. `strict-1` passes answers with "good"; `lax-1` passes those and half of the others. */
export async function startScriptedJudge(): Promise<ScriptedJudge> {
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await read(request));
    const prompt = JSON.stringify(body.messages).replaceAll("\\", "");
    const mark = /"id" must be "([0-9a-f]+)"/.exec(prompt)?.[1];
    const number = Number(/answer (\d+)/.exec(prompt)?.[1]);
    const isGood = prompt.includes("good answer") || (body.model.startsWith("lax") && number % 2 === 0);
    const content = JSON.stringify({ id: mark, reason: "So it seems.", scores: { useful: isGood ? 5 : 1 } });
    const usage = { prompt_tokens: 30, completion_tokens: 12, total_tokens: 42 };
    const choices = [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }];
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ id: "c", object: "chat.completion", created: 1, model: body.model, choices, usage }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
