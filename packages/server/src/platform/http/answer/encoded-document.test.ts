import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createEncodedDocument } from "./encoded-document.ts";

const TEXT = JSON.stringify({
  openapi: "3.1.0",
  paths: Object.fromEntries(Array.from({ length: 500 }, (_, i) => [i, i])),
});

function open(read = async () => Buffer.from(TEXT)) {
  const answer = createEncodedDocument(read);
  return (accept?: string, known?: string) =>
    answer({
      ...(accept !== undefined && { "accept-encoding": accept }),
      ...(known !== undefined && { "if-none-match": known }),
    });
}

describe("the encoding of a document", () => {
  test.each([
    [undefined, undefined],
    ["", undefined],
    ["identity", undefined],
    ["gzip", "gzip"],
    ["x-gzip", "gzip"],
    ["gzip, deflate, br", "br"],
    ["br;q=0.2, gzip;q=0.8", "gzip"],
    ["GZIP;Q=0.5", "gzip"],
    ["br;q=0, *", "gzip"],
    ["*", "br"],
    ["zstd", undefined],
    ["identity;q=0", undefined],
    ["gzip;q=nonsense", undefined],
  ])("for Accept-Encoding %s is %s", async (accept, encoding) => {
    const { headers, status } = await open()(accept);
    expect([status, headers["content-encoding"]]).toEqual([200, encoding]);
    expect(headers).toMatchObject({ vary: "accept-encoding", "cache-control": "no-cache" });
  });

  test("holds the same text in every encoding, and less than half as many bytes when compressed", async () => {
    const ask = open();
    const [br, gzip, identity] = await Promise.all([ask("br"), ask("gzip"), ask()]);
    expect(String(identity.body)).toBe(TEXT);
    expect(String(brotliDecompressSync(br.body ?? ""))).toBe(TEXT);
    expect(String(gunzipSync(gzip.body ?? ""))).toBe(TEXT);
    for (const { body } of [br, gzip]) expect(body?.length).toBeLessThan(TEXT.length / 2);
  });
});

describe("the tag of a document", () => {
  test("is strong, differs between encodings and changes with the text", async () => {
    const tags = await Promise.all(
      ["br", "gzip", "identity"].map(async (accept) => (await open()(accept)).headers.etag),
    );
    const other = await open(async () => Buffer.from("{}"))("identity");
    expect(new Set([...tags, other.headers.etag]).size).toBe(4);
    for (const tag of tags) expect(tag).toMatch(/^"[\w-]+"$/);
  });

  test.each([
    ["the tag itself", (tag: string) => tag],
    ["the tag among others", (tag: string) => `"a", ${tag}`],
    ["the tag as a weak one", (tag: string) => `W/${tag}`],
    ["any tag", () => "*"],
  ])("answers 304 without a body for %s", async (_, header) => {
    const ask = open();
    const { headers } = await ask("gzip");
    const again = await ask("gzip", header(headers.etag ?? ""));
    expect(again).toMatchObject({ status: 304, body: undefined, headers: { etag: headers.etag } });
    expect(again.headers).not.toHaveProperty("content-encoding");
  });

  test("of another encoding or another text is answered with the document", async () => {
    const ask = open();
    const { headers } = await ask("gzip");
    expect((await ask("br", headers.etag)).status).toBe(200);
    expect((await ask("gzip", '"other"')).status).toBe(200);
  });
});

describe("the bytes of a document", () => {
  test("are read and compressed once for many requests", async () => {
    let reads = 0;
    const ask = open(async () => {
      reads += 1;
      return Buffer.from(TEXT);
    });
    const bodies = await Promise.all([ask("br"), ask("br"), ask("gzip")]);
    const later = await ask("br");
    expect(reads).toBe(1);
    expect(bodies[0]?.body).toBe(later.body);
  });

  test("are read again after a read that failed", async () => {
    let reads = 0;
    const ask = open(async () => {
      reads += 1;
      if (reads === 1) throw new Error("no such file");
      return Buffer.from(TEXT);
    });
    await expect(ask()).rejects.toThrow("no such file");
    expect((await ask()).status).toBe(200);
  });
});
