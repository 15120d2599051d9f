import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startHttp } from "./testing/start-http.ts";

let folder: string;
let server: Awaited<ReturnType<typeof startHttp>>;
const script = "console.log(1);";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-web-"));
  const web = join(folder, "dist");
  await mkdir(join(web, "assets"), { recursive: true });
  await writeFile(join(folder, "outside.txt"), "outside");
  await writeFile(join(web, "index.html"), "<!doctype html><title>Treadle</title>");
  await writeFile(join(web, ".hidden"), "hidden");
  await writeFile(join(web, "assets/app-1a2b.js"), script);
  await writeFile(join(web, "assets/app-1a2b.js.br"), brotliCompressSync(script));
  server = await startHttp({ webFolder: web });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const browse = (path: string) => server.get(path, { authorization: "", accept: "text/html,application/xhtml+xml" });
/** A path as it stands, which fetch would tidy up first. */
const raw = (path: string, host = "127.0.0.1") =>
  new Promise<{ status: number; text: string }>((resolve, reject) => {
    const call = request(
      { port: server.port, host: "127.0.0.1", path, headers: { accept: "*/*", host } },
      async (response) => {
        let text = "";
        for await (const chunk of response) text += chunk;
        resolve({ status: response.statusCode ?? 0, text });
      },
    );
    call.on("error", reject).end();
  });

test("every address of a page gives the app, under a policy without inline scripts", async () => {
  for (const path of ["/", "/traces/abc", "/index.html", "/sign-in?x=1"]) {
    const response = await browse(path);
    expect([path, response.status, await response.text()]).toEqual([
      path,
      200,
      expect.stringContaining("<title>Treadle"),
    ]);
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(response.headers.get("cache-control")).toBe("no-cache");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
  }
});

test("a file with a hash in its name is cached forever, compressed for clients that support it", async () => {
  const response = await server.get("/assets/app-1a2b.js", { "accept-encoding": "br, gzip" });
  expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(response.headers.get("content-encoding")).toBe("br");
  expect(response.headers.get("content-type")).toContain("javascript");
  expect(await response.text()).toBe(script);
  expect(
    (await server.get("/assets/app-1a2b.js", { "accept-encoding": "identity" })).headers.get("content-encoding"),
  ).toBeNull();
});

test("a file that is not there, and an address of the API, are 404 and not the app", async () => {
  for (const path of ["/assets/old-9z.js", "/api/v1/nothing", "/v1/nothing", "/api"])
    expect((await browse(path)).status).toBe(404);
});

test.each([
  "/../outside.txt",
  "/assets/../../outside.txt",
  "/%2e%2e/outside.txt",
  "/%252e%252e%252foutside.txt",
  "/..%5c..%5coutside.txt",
  "//outside.txt",
  "/.hidden",
  "/assets/%00",
  "/assets",
])("%s reaches nothing outside of the app", async (path) => {
  const { status, text } = await raw(path);
  expect([400, 404]).toContain(status);
  expect(text).not.toMatch(/^(outside|hidden)$/);
});

test("another site's page cannot read the app", async () => {
  expect((await raw("/", "evil.example")).status).toBe(421);
  expect((await raw("/traces/abc", "evil.example")).status).toBe(421);
});
