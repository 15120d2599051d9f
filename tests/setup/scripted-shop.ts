import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { SharedTreadle } from "./shared-treadle.ts";

export type Shop = {
  readonly url: string;
  /** Whether `moody` fails in every third request. */
  setFailing(isFailing: boolean): void;
  close(): void;
};

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

const SLOW_MS = 6_000;

/**
 * A provider whose model's name says how it answers. `shaky` fails in every third request, and `moody` does so while the
 * test says it.
 */
export async function startShop(): Promise<Shop> {
  let [requests, isFailing] = [0, false];
  const server = createServer(async (request, response) => {
    const { model } = JSON.parse(await read(request));
    const isUnstable = model === "shaky" || (model === "moody" && isFailing);
    if (isUnstable) requests += 1;
    response.setHeader("content-type", "application/json");
    if (isUnstable && requests % 3 === 0) {
      response.statusCode = 500;
      response.end(JSON.stringify({ error: { message: "It broke.", type: "server_error" } }));
      return;
    }
    if (model === "slow") await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    const message = { role: "assistant", content: model === "poor" ? "bad answer" : "good answer" };
    const usage = { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 };
    const choices = [{ index: 0, message, finish_reason: "stop" }];
    response.end(JSON.stringify({ id: "c", object: "chat.completion", created: 1, model, choices, usage }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    setFailing(next) {
      isFailing = next;
    },
    close: () => void server.close(),
  };
}

type Server = Pick<SharedTreadle, "url" | "apiKey">;

/** One request; gives the variant that answered. */
async function ask({ url, apiKey }: Server, endpoint: string, user: string): Promise<string> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json", "x-treadle-user": user },
    body: JSON.stringify({ model: endpoint, messages: [{ role: "user", content: `Hello from ${user}` }] }),
  });
  await response.text();
  return response.headers.get("x-treadle-variant") ?? "";
}

/** One request of each user, some at a time. Gives the variants by user. */
export const createAskAll =
  (server: Server) =>
  async (endpoint: string, users: number, atOnce = 20): Promise<ReadonlyMap<string, string>> => {
    const variants = new Map<string, string>();
    let next = 0;
    async function work(): Promise<void> {
      for (let place = next++; place < users; place = next++)
        variants.set(`u${place}`, await ask(server, endpoint, `u${place}`));
    }
    await Promise.all(Array.from({ length: atOnce }, work));
    return variants;
  };
export type AskAll = ReturnType<typeof createAskAll>;
