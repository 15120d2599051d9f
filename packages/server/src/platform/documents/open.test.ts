import { createServer } from "node:http";
import { afterAll, expect, test } from "vitest";
import { findWall } from "../sandbox/find-wall.ts";
import { openDocuments } from "./open.ts";
import type { Documents } from "./port.ts";

const script = new URL("./testing/hostile-child.ts", import.meta.url);
const opened: Documents[] = [];
afterAll(() => Promise.all(opened.map((documents) => documents.close())));

function open(options: Parameters<typeof openDocuments>[0] = {}) {
  const documents = openDocuments({ processes: 1, ...options });
  opened.push(documents);
  return documents;
}
const textFile = (content: string) => ({ bytes: Buffer.from(content), name: "note.txt" });
const page = { bytes: Buffer.from("<html><body><p>Hello</p></body></html>"), name: "page.html" };

test("a document is read in a process, and its blocks come back", async () => {
  const { format, parsed } = await open().parse(page);
  expect([format, parsed.text, parsed.blocks]).toEqual(["html", "Hello", [{ kind: "paragraph", start: 0, end: 5 }]]);
});

test("a document of 20 MB comes back whole", async () => {
  const text = "A line of text. ".repeat(1_300_000).trim();
  const { parsed } = await open().parse(textFile(text));
  expect(parsed.text === text).toBe(true);
});

test("a parser that hangs ends at its time limit, and the next document is read", async () => {
  const documents = open({ script, limits: { timeMs: 1_000, timeMsPerMb: 0 } });
  await expect(documents.parse(textFile("hang"))).rejects.toMatchObject({
    code: "unprocessable",
    message: '"note.txt" was not read within its time limit of 1 s. Split the document.',
    details: { limit: "time", timeMs: 1_000 },
  });
  expect((await open({ script }).parse(page)).parsed.text).toBe("Hello");
  await expect(documents.parse(textFile("hang"))).rejects.toMatchObject({ details: { limit: "time" } });
});

test.each(["grow", "leap", ...(process.platform === "linux" ? ["buffers"] : [])])(
  "a document that needs too much memory (%s) is rejected, and the next one is read",
  async (order) => {
    const documents = open({ script, limits: { memoryMb: 128 } });
    await expect(documents.parse(textFile(order))).rejects.toMatchObject({
      code: "unprocessable",
      message: '"note.txt" needs more than the memory limit of 128 MB. Split the document.',
      details: { limit: "memory", memoryMb: 128 },
    });
    expect((await documents.parse(page)).parsed.text).toBe("Hello");
  },
);

test("a document that ends the parser is rejected, and the next one is read", async () => {
  const documents = open({ script });
  await expect(documents.parse(textFile("die"))).rejects.toThrow('The parser ended while it read "note.txt".');
  expect((await documents.parse(page)).parsed.text).toBe("Hello");
});

test("the parser has no environment, and reads only the program's files", async () => {
  const documents = open({ script });
  await expect(documents.parse(textFile("environment"))).rejects.toThrow("environment: {}");
  await expect(documents.parse(textFile("files"))).rejects.toThrow("false");
});

test.runIf((await findWall()).length > 0)("the parser reaches no server", async () => {
  const server = createServer((_request, response) => void response.end("reached"));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  try {
    await expect(open({ script }).parse(textFile(`fetch ${port}`))).rejects.toThrow("fetch failed");
  } finally {
    server.close();
  }
});

test("documents wait for a free process", async () => {
  const documents = open();
  const files = ["one", "two", "three"].map((text) => documents.parse(textFile(text)));
  expect((await Promise.all(files)).map(({ parsed }) => parsed.text)).toEqual(["one", "two", "three"]);
});

test("a file that is larger than the limit is rejected before it is read", async () => {
  const limits = { fileBytes: 2 * 1024 * 1024 };
  const file = { bytes: new Uint8Array(limits.fileBytes + 1), name: "large.txt" };
  await expect(open({ limits }).parse(file)).rejects.toMatchObject({
    code: "payload_too_large",
    message: '"large.txt" is larger than 2 MB. Split the document.',
  });
});

test("closing rejects what is being read", async () => {
  const documents = open({ script });
  await documents.parse(page);
  const pending = expect(documents.parse(textFile("hang"))).rejects.toMatchObject({ code: "cancelled" });
  const waiting = expect(documents.parse(page)).rejects.toMatchObject({ code: "cancelled" });
  await documents.close();
  await pending;
  await waiting;
});
