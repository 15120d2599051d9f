import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How a test's hub behaves; everything may be changed while it runs. */
type Behaviour = {
  content: Buffer;
  etag: string;
  /** The hub's SHA-256. Null for none. */
  sha256: string | null;
  /** Bytes after which each answer's connection is cut; null lets answers end. */
  cutAfter: number | null;
  /** Answers nothing but this status. */
  status: number | null;
  /** Where the file itself lies: on the hub, or on another host that it redirects to. */
  place: "hub" | "other host" | "nowhere in particular" | "ftp";
  /** Ignores ranges, as some mirrors do. */
  hasRanges: boolean;
  /** The page of every repository. Null for none. */
  license: string | null;
};
type Seen = {
  readonly host: string;
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
};

/** A server that speaks the hub's protocol: a redirect with `x-linked-…` headers from the hub, and a second host with the bytes. */
export async function openFakeHub(content: Buffer) {
  const hub: Behaviour = {
    content,
    etag: '"version-1"',
    sha256: createHash("sha256").update(content).digest("hex"),
    cutAfter: null,
    status: null,
    place: "other host",
    hasRanges: true,
    license: null,
  };
  const requests: Seen[] = [];
  const note = (request: IncomingMessage) =>
    requests.push({
      host: request.headers.host ?? "",
      path: request.url ?? "",
      range: request.headers.range,
      authorization: request.headers.authorization,
    });
  const server = createServer((request, response) => {
    note(request);
    if (request.url?.startsWith("/api/models/"))
      return response.end(JSON.stringify({ cardData: hub.license === null ? null : { license: hub.license } }));
    answerAsHub(hub, response, { request, bytesUrl: `${urlOf(bytesServer)}/bytes?signed=1` });
  });
  const bytesServer = createServer((request, response) => {
    note(request);
    sendBytes(hub, request, response);
  });
  for (const one of [server, bytesServer]) await new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve));
  return {
    hub,
    seen: requests,
    url: urlOf(server),
    async close() {
      for (const one of [server, bytesServer]) {
        one.closeAllConnections();
        await new Promise((resolve) => one.close(resolve));
      }
    },
  };
}

const urlOf = (server: ReturnType<typeof createServer>) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

type Asked = { readonly request: IncomingMessage; readonly bytesUrl: string };

function answerAsHub(hub: Behaviour, response: ServerResponse, { request, bytesUrl }: Asked) {
  if (hub.status !== null) return response.writeHead(hub.status).end("{}");
  const headers = {
    etag: hub.etag,
    "x-linked-size": String(hub.content.length),
    "x-linked-etag": hub.sha256 === null ? hub.etag : `"${hub.sha256}"`,
  };
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  switch (hub.place) {
    case "hub":
      return sendBytes(hub, request, response);
    case "other host":
      return response.writeHead(302, { location: bytesUrl }).end();
    case "nowhere in particular":
      return response.writeHead(307, { location: request.url ?? "/" }).end();
    case "ftp":
      return response.writeHead(302, { location: "ftp://127.0.0.1/model.gguf" }).end();
    default:
      return hub.place satisfies never;
  }
}

function sendBytes({ content, cutAfter, hasRanges }: Behaviour, request: IncomingMessage, response: ServerResponse) {
  const start = hasRanges ? Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0) : 0;
  if (start > content.length) return response.writeHead(416, { "content-range": `bytes */${content.length}` }).end();
  const body = content.subarray(start);
  const head = start > 0 ? { "content-range": `bytes ${start}-${content.length - 1}/${content.length}` } : {};
  response.writeHead(start > 0 ? 206 : 200, { ...head, "content-length": body.length });
  if (cutAfter === null || body.length <= cutAfter) return response.end(body);
  return response.write(body.subarray(0, cutAfter), () => setTimeout(() => response.destroy(), 20));
}
