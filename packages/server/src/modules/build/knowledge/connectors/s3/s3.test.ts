import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { askProcess } from "../../../../../platform/launch/ask-process.ts";
import { createOutbound } from "../../../../../platform/outbound/open.ts";
import type { SourceSettings } from "../../stores/source-settings.ts";
import { listAll, openHttp } from "../testing/list-all.ts";
import { s3Connector } from "./s3.ts";
import { signS3Get } from "./sign-request.ts";

const KEYS = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };
const NOW = Date.UTC(2013, 4, 24);
let objects: Record<string, string>;
let pageSize: number;
let store: Awaited<ReturnType<typeof openHttp>>;
const outbound = createOutbound({ allow: ["127.0.0.1"] });

/** A store that checks each signature by signing the request again. */
beforeAll(async () => {
  store = await openHttp(async (request, response) => {
    const url = new URL(request.url ?? "", `http://${request.headers.host}`);
    const signed = await signS3Get(url, { credentials: KEYS, region: "eu-test-1", now: () => NOW });
    if (request.headers.authorization !== signed.authorization)
      return void response.writeHead(403).end("<Error><Code>SignatureDoesNotMatch</Code></Error>");
    const key = decodeURIComponent(url.pathname.slice("/docs/".length));
    if (url.pathname !== "/docs") {
      const body = objects[key];
      return void response
        .writeHead(body === undefined ? 404 : 200)
        .end(body ?? "<Error><Code>NoSuchKey</Code></Error>");
    }
    response.end(listing(url.searchParams));
  });
});
beforeEach(() => {
  objects = {};
  pageSize = 2;
});
afterAll(async () => {
  await store.close();
  await outbound.close();
});

function listing(query: URLSearchParams): string {
  const prefix = query.get("prefix") ?? "";
  const start = Number(query.get("continuation-token") ?? 0);
  const keys = Object.keys(objects).filter((key) => key.startsWith(prefix));
  const items = keys.slice(start, start + pageSize).map((key) => {
    const size = objects[key]?.length;
    return `<Contents><Key>${encodeURIComponent(key)}</Key><ETag>&quot;${size}&quot;</ETag><Size>${size}</Size></Contents>`;
  });
  const next = start + pageSize;
  const more = next < keys.length ? `<NextContinuationToken>${next}</NextContinuationToken>` : "";
  return `<ListBucketResult><IsTruncated>${more !== ""}</IsTruncated>${items.join("")}${more}</ListBucketResult>`;
}

const open = (more: SourceSettings = {}, secret: string | null = KEYS.secretAccessKey) => {
  const settings = {
    endpoint: store.origin,
    bucket: "docs",
    region: "eu-test-1",
    accessKeyId: KEYS.accessKeyId,
    ...more,
  };
  return s3Connector.open(
    { outbound, folders: [], runProgram: askProcess, path: "", gitSchemes: ["https"], now: () => NOW },
    { settings, secret },
  );
};

test("all pages of a listing are read, and odd keys are signed", async () => {
  objects = { "a.md": "One", "deep/b & c+(d)'é.md": "Two", "deep/": "", "photo.png": "x", "z.md": "Three" };
  const source = open();
  const { entries, paths } = await listAll(source);
  expect(paths).toEqual(["a.md", "deep/b & c+(d)'é.md", "z.md"]);
  expect(entries["a.md"]?.mark).toBe('"3"-3');
  const read = async (path: string) =>
    Buffer.from(await source.read({ path, mark: "" }, new AbortController().signal)).toString();
  expect(await read("deep/b & c+(d)'é.md")).toBe("Two");
  expect((await listAll(open({ prefix: "deep/" }))).paths).toEqual(["deep/b & c+(d)'é.md"]);
});

test("a wrong key and an endpoint that is not S3 have errors that say what to check", async () => {
  await expect(listAll(open({}, "wrong"))).rejects.toThrow("SignatureDoesNotMatch). Check the access key");
  objects = { "docs/x": "not a listing" };
  await expect(listAll(open({ bucket: "docs/x" }))).rejects.toThrow(/status|listing/);
  expect(() => open({}, null)).toThrow("An access key has two parts");
});
