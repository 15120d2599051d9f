// The application's own server. It calls a model through Treadle, and gives the page a token for feedback on that answer only.
// Run it, open the address it prints, send a question, rate the answer, and open the trace in Treadle.
import { createServer } from "node:http";
import { createClient } from "@treadle/sdk";
import { createFeedback } from "@treadle/sdk/feedback";
import { build } from "vite";

const baseUrl = process.env.TREADLE_URL ?? "http://127.0.0.1:4747";
const client = createClient({ baseUrl, apiKey: process.env.TREADLE_API_KEY });
const feedback = createFeedback(client);
const model = process.env.TREADLE_MODEL ?? "smollm2-135m-instruct";

/** Limits the answer, because a small model may not stop by itself. */
const MOST_TOKENS = 120;

/** Calls the model. The response headers contain the ids of the trace and the span. */
async function answer(question: string) {
  const response = await client.send("POST /v1/chat/completions", {
    body: { model, max_tokens: MOST_TOKENS, messages: [{ role: "user", content: question }] },
    headers: { "x-treadle-user": "ada" },
  });
  const traceId = response.headers.get("x-treadle-trace-id") ?? "";
  const spanId = response.headers.get("x-treadle-span-id") ?? "";
  const { token } = await feedback.createToken({ traceId, spanId, userId: "ada", names: ["helpful"] });
  return { text: textOf(await response.json()), token, treadleUrl: baseUrl };
}

function textOf(completion: unknown): string {
  const choices = Object(completion).choices;
  return Array.isArray(choices) ? String(choices[0]?.message?.content ?? "") : "";
}

async function readJson(request: AsyncIterable<Uint8Array>) {
  const parts: Uint8Array[] = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString());
}

/** The page's files by address, built when the program starts. */
async function buildPage(): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const built = await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: "warn",
    build: { write: false },
  });
  const files = [built].flat().flatMap((one) => ("output" in one ? one.output : []));
  return new Map(files.map((file) => [`/${file.fileName}`, file.type === "chunk" ? file.code : file.source]));
}

const page = await buildPage();
const server = createServer(async (request, response) => {
  try {
    if (request.url === "/ask") {
      const { question } = await readJson(request);
      response.setHeader("content-type", "application/json").end(JSON.stringify(await answer(String(question))));
      return;
    }
    const path = request.url === "/" ? "/index.html" : (request.url ?? "");
    const file = page.get(path);
    const type = path.endsWith(".js") ? "text/javascript" : "text/html; charset=utf-8";
    if (file === undefined) response.writeHead(404).end("There is no such page.");
    else response.setHeader("content-type", type).end(file);
  } catch (error) {
    response.writeHead(502).end(error instanceof Error ? error.message : "The model did not answer.");
  }
});
server.listen(Number(process.env.PORT ?? 8080), "127.0.0.1", () => {
  const address = server.address();
  console.log(`http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`);
});
