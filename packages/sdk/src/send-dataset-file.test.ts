import { createReadStream } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createClient } from "./client.ts";
import { sendDatasetFile } from "./send-dataset-file.ts";

const MIB = 1024 * 1024;

/** A server that stores the received parts, and fails the first attempt of each named part. */
function startKeeping(broken: readonly number[] = []) {
  const parts = new Map<number, number>();
  const paths: string[] = [];
  const left = [...broken];
  const answer: typeof fetch = async (input, init) => {
    const { pathname } = new URL(String(input));
    paths.push(`${init?.method} ${pathname}`);
    const part = /parts\/(\d+)$/.exec(pathname)?.[1];
    if (part === undefined) return Response.json({ fileId: "dsf_1", name: "a" });
    const place = left.indexOf(Number(part));
    if (place !== -1) {
      left.splice(place, 1);
      return Response.json({ error: { code: "unavailable", message: "later" } }, { status: 503 });
    }
    const body = init?.body;
    parts.set(Number(part), body instanceof Uint8Array ? body.byteLength : -1);
    return Response.json({ part: Number(part) });
  };
  return { parts, seen: paths, client: createClient({ baseUrl: "http://server", fetch: answer }) };
}

async function* pieces(sizes: readonly number[]) {
  for (const size of sizes) yield new Uint8Array(size);
}

test("a file goes in parts of 8 MiB, whatever pieces it comes in", async () => {
  const { client, parts } = startKeeping();
  const progress: number[] = [];
  const content = pieces([3 * MIB, 17 * MIB, 1]);
  await sendDatasetFile(client, { name: "a", content, onProgress: (bytes) => progress.push(bytes) });
  expect([...parts.values()]).toEqual([8 * MIB, 8 * MIB, 4 * MIB + 1]);
  expect(progress).toEqual([8 * MIB, 16 * MIB, 20 * MIB + 1]);
});

test("a file of the browser is sent as well", async () => {
  const { client, parts } = startKeeping();
  await sendDatasetFile(client, { name: "a", content: new Blob([new Uint8Array(9 * MIB)]) });
  expect([...parts.values()]).toEqual([8 * MIB, MIB]);
});

test("a part that did not arrive is sent again", async () => {
  const { client, parts, seen } = startKeeping([1, 1]);
  await sendDatasetFile(client, { name: "a", content: pieces([9 * MIB]) });
  expect([...parts.keys()]).toEqual([0, 1]);
  expect(seen.filter((call) => call.endsWith("/parts/1"))).toHaveLength(3);
});

test("what cannot be sent leaves nothing behind", async () => {
  const { client, seen } = startKeeping([0, 0, 0]);
  await expect(sendDatasetFile(client, { name: "a", content: pieces([1]) })).rejects.toMatchObject({ status: 503 });
  expect(seen.at(-1)).toBe("DELETE /api/v1/dataset-files/dsf_1");
  const empty = startKeeping();
  await expect(sendDatasetFile(empty.client, { name: "a", content: pieces([]) })).rejects.toThrow("empty");
  expect(empty.seen).toEqual([]);
});

test("a file that is not there is an error that can be caught, however long the server takes", async () => {
  const paths: string[] = [];
  const slow: typeof fetch = async (input) => {
    paths.push(String(input));
    await new Promise((resolve) => setTimeout(resolve, 200));
    return Response.json({ fileId: "dsf_1" });
  };
  const content = createReadStream(join(import.meta.dirname, "no-such-file.csv"));
  const client = createClient({ baseUrl: "http://server", fetch: slow });
  await expect(sendDatasetFile(client, { name: "a.csv", content })).rejects.toMatchObject({ code: "ENOENT" });
  expect(paths).toEqual([]);
});

test("the source is released when the server rejects the file", async () => {
  let isClosed = false;
  async function* content() {
    try {
      yield new Uint8Array(9 * MIB);
      yield new Uint8Array(1);
    } finally {
      isClosed = true;
    }
  }
  const refuses: typeof fetch = async () =>
    Response.json({ error: { code: "forbidden", message: "No." } }, { status: 403 });
  const client = createClient({ baseUrl: "http://server", fetch: refuses });
  await expect(sendDatasetFile(client, { name: "a", content: content() })).rejects.toMatchObject({ status: 403 });
  expect(isClosed).toBe(true);
});
