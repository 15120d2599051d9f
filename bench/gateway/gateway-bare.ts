// The least a proxy can do: node:http in front, undici's dispatch behind, bytes passed on. What the gateway's cost is measured against.
// Usage: node bench/gateway/gateway-bare.ts PORT UPSTREAM_PORT
import { createServer, type ServerResponse } from "node:http";
import { Pool } from "undici";

const [port, upstream] = process.argv.slice(2).map(Number);
const pool = new Pool(`http://127.0.0.1:${upstream}`, { connections: 256, pipelining: 1 });

function passOn(response: ServerResponse, path: string, body: Buffer) {
  pool.dispatch(
    { path, method: "POST", headers: { "content-type": "application/json" }, body },
    {
      onRequestStart: () => {},
      onResponseStart: (_controller, status, headers) => {
        response.writeHead(status, headers as Record<string, string>);
      },
      onResponseData: (controller, chunk) => {
        if (response.write(chunk)) return;
        controller.pause();
        response.once("drain", () => controller.resume());
      },
      onResponseEnd: () => void response.end(),
      onResponseError: () => void response.destroy(),
    },
  );
}

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => passOn(response, request.url ?? "/", Buffer.concat(chunks)));
}).listen(port, "127.0.0.1");
