import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { askProcess } from "../../../../../platform/launch/ask-process.ts";
import { createOutbound } from "../../../../../platform/outbound/open.ts";
import type { SourceSettings } from "../../stores/source-settings.ts";
import { listAll, openHttp } from "../testing/list-all.ts";
import { webConnector } from "./web.ts";

type Page = { status?: number; type?: string; body?: string | Buffer; headers?: Record<string, string> };
let pages: Record<string, Page>;
let requests: { path: string; headers: Record<string, unknown> }[];
let site: Awaited<ReturnType<typeof openHttp>>;
const outbound = createOutbound({ allow: ["127.0.0.1"] });

beforeAll(async () => {
  site = await openHttp((request, response) => {
    const path = request.url ?? "";
    requests.push({ path, headers: request.headers });
    const { status = 200, type = "text/html", body = "", headers = {} } = pages[path] ?? { status: 404 };
    const isSame = headers.etag !== undefined && request.headers["if-none-match"] === headers.etag;
    response.writeHead(isSame ? 304 : status, { "content-type": type, ...headers }).end(isSame ? "" : body);
  });
});
beforeEach(() => {
  requests = [];
  pages = {};
});
afterEach(() =>
  expect(requests.every(({ headers }) => String(headers["user-agent"]).startsWith("TreadleBot"))).toBe(true),
);
afterAll(async () => {
  await site.close();
  await outbound.close();
});

const deps = { outbound, folders: [], runProgram: askProcess, path: "", gitSchemes: ["https"], now: Date.now };
const crawl = (settings: SourceSettings = {}, options: Parameters<typeof listAll>[1] = {}) => {
  const all = { addresses: [`${site.origin}/`], delayMs: 0, ...settings };
  return listAll(webConnector.open(deps, { settings: all, secret: null }), options);
};
const link = (...paths: string[]): Page => ({ body: paths.map((path) => `<a href="${path}">x</a>`).join("") });
const at = (...paths: string[]) => paths.map((path) => `${site.origin}${path}`);

test("a crawl follows links on the site, and leaves out what robots.txt and the page forbid", async () => {
  pages = {
    "/robots.txt": { type: "text/plain", body: "User-agent: TreadleBot\nDisallow: /private\n" },
    "/": link("/a", "/private/x", "https://elsewhere.invalid/", "/b.pdf", "/photo.png", "mailto:a@b.c", "/a#part"),
    "/a": { body: '<meta name="robots" content="noindex"><a href="/c">c</a>' },
    "/b.pdf": { type: "application/pdf", body: "%PDF-" },
    "/c": { body: `<link rel="canonical" href="/canonical">` },
    "/canonical": { body: "text" },
    "/data": { type: "application/octet-stream", body: "x" },
  };
  const { paths, warnings } = await crawl();
  expect(paths).toEqual(at("/", "/b.pdf", "/canonical"));
  expect(warnings).toEqual([]);
  expect(requests.map(({ path }) => path)).not.toContain("/private/x");
  expect(requests.map(({ path }) => path)).not.toContain("/photo.png");
});

test("the sitemaps of an index are read, also compressed ones", async () => {
  const map = (...paths: string[]) =>
    `<urlset>${at(...paths)
      .map((url) => `<url><loc>${url}</loc></url>`)
      .join("")}</urlset>`;
  pages = {
    "/robots.txt": { type: "text/plain", body: `Sitemap: ${site.origin}/index.xml` },
    "/index.xml": {
      type: "text/xml",
      body: `<sitemapindex>${at("/one.xml", "/two.xml.gz")
        .map((url) => `<sitemap><loc>${url}</loc></sitemap>`)
        .join("")}</sitemapindex>`,
    },
    "/one.xml": { type: "text/xml", body: map("/1", "/2") },
    "/two.xml.gz": { type: "application/gzip", body: gzipSync(map("/3")) },
    ...Object.fromEntries(["/", "/1", "/2", "/3"].map((path) => [path, { body: "text" }])),
  };
  expect((await crawl()).paths).toEqual(at("/", "/1", "/2", "/3"));
  expect((await crawl({ usesSitemap: false })).paths).toEqual(at("/"));
});

test("an unchanged page is not sent again, and its stored links are followed", async () => {
  pages = { "/": { ...link("/a"), headers: { etag: '"1"' } }, "/a": { body: "text" } };
  const first = await crawl();
  const [home = ""] = at("/");
  const stored = { [home]: { mark: first.entries[home]?.mark ?? "", bytes: String(pages["/"]?.body) } };
  const second = await crawl({}, { stored });
  expect(second.paths).toEqual(at("/", "/a"));
  expect(second.entries[home]).toMatchObject({ mark: 'etag:"1"' });
  expect(second.entries[home]?.bytes).toBeUndefined();
});

test("the listing is incomplete if a stored page fails or the page limit is reached", async () => {
  pages = { "/": link("/a", "/b"), "/a": { status: 500 }, "/b": { status: 410 } };
  const [a = ""] = at("/a");
  const failed = await crawl({}, { stored: { [a]: { mark: "hash:1", bytes: "x" } } });
  expect(failed.entries[a]).toMatchObject({ failure: expect.stringContaining("status 500") });
  expect(failed.paths).toEqual(at("/", "/a"));
  expect(failed.warnings).toHaveLength(1);
  expect((await crawl({ maxPages: 1 })).warnings[0]).toContain("more than 1 pages");
  expect((await crawl()).warnings).toEqual([]);
});

test("the depth and the patterns limit what is requested", async () => {
  pages = { "/": link("/docs/a", "/blog/b"), "/docs/a": link("/docs/deep"), "/docs/deep": { body: "text" } };
  const { paths } = await crawl({ maxDepth: 1 }, { include: ["docs/"] });
  expect(paths).toEqual(at("/docs/a"));
  expect(requests.map(({ path }) => path)).not.toContain("/blog/b");
});

test("a start address that fails, or a site without its robots.txt, is an error", async () => {
  await expect(crawl()).rejects.toThrow("status 404");
  pages = { "/robots.txt": { status: 503 }, "/": { body: "text" } };
  await expect(crawl()).rejects.toThrow("robots.txt answers with status 503");
  pages = { "/": { status: 302, headers: { location: "https://elsewhere.invalid/" } } };
  await expect(crawl()).rejects.toThrow("which is another host");
});

test("a private address is refused, also as the target of a redirect", async () => {
  const guarded = createOutbound({ allow: [site.origin.replace("http://", "")] });
  await expect(
    webConnector.check({ ...deps, outbound: guarded }, { addresses: ["http://127.0.0.1:1/"] }),
  ).rejects.toThrow("not allowed");
  pages = { "/": { ...link(), status: 302, headers: { location: "http://127.0.0.1:1/secret" } } };
  const settings = { addresses: at("/"), hosts: ["127.0.0.1:1"], delayMs: 0 };
  const source = webConnector.open({ ...deps, outbound: guarded }, { settings, secret: null });
  await expect(listAll(source)).rejects.toThrow("not allowed");
  await guarded.close();
});
