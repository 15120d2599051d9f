// An upstream that streams: 100 chunks of 290 bytes, 10 ms apart (or as fast as they go, with 0).
// Usage: node bench/gateway/gateway-events.ts PORT [MILLISECONDS]
import { createServer } from "node:http";

const [port, apart = 10] = process.argv.slice(2).map(Number);
const CHUNKS = 100;

const chunk = (content: string, finish: string | null) =>
  `data: ${JSON.stringify({ id: "chatcmpl-bench", object: "chat.completion.chunk", created: 1_790_000_000, model: "gpt-4o-2024-08-06", system_fingerprint: "fp_0123456789", choices: [{ index: 0, delta: { content }, logprobs: null, finish_reason: finish }] })}\n\n`;
const piece = chunk(" lorem".repeat(12), null);
const usage = `data: ${JSON.stringify({ id: "chatcmpl-bench", object: "chat.completion.chunk", created: 1_790_000_000, model: "gpt-4o-2024-08-06", choices: [], usage: { prompt_tokens: 900, completion_tokens: 1_200, total_tokens: 2_100 } })}\n\n`;
const DONE = "data: [DONE]\n\n";

createServer((request, response) => {
  const body: Buffer[] = [];
  request.on("data", (piece) => body.push(piece));
  request.on("end", () => {
    const isUsageWanted = Buffer.concat(body).includes('"include_usage":true');
    const last = `${chunk("", "stop")}${isUsageWanted ? usage : ""}${DONE}`;
    response.writeHead(200, { "content-type": "text/event-stream" });
    let sent = 0;
    const send = () => {
      response.write(piece);
      if (++sent < CHUNKS) setTimeout(send, apart);
      else response.end(last);
    };
    send();
  });
}).listen(port, "127.0.0.1");
