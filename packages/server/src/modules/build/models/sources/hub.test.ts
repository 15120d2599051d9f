import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createOutbound } from "../../../../platform/outbound/open.ts";
import type { Outbound } from "../../../../platform/outbound/port.ts";
import { openFakeHub } from "../testing/fake-hub.ts";
import { createHubSource } from "./hub.ts";
import type { PullTarget } from "./source.ts";

const CONTENT = Buffer.from(Array.from({ length: 300_000 }, (_byte, index) => (index * 7) % 251));
const FILE = { repo: "owner/Repo.GGUF", file: "sub/model.gguf", revision: "main" };

let folder = "";
let fake: Awaited<ReturnType<typeof openFakeHub>>;
let outbound: Outbound;
let spaces: number[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-hub-"));
  fake = await openFakeHub(CONTENT);
  outbound = createOutbound({ allow: ["127.0.0.1"] });
  spaces = [];
});
afterEach(async () => {
  await outbound.close();
  await fake.close();
  await rm(folder, { recursive: true, force: true });
});

const part = () => join(folder, "part");
const progress: number[][] = [];
const targetOf = (signal = new AbortController().signal): PullTarget => ({
  partPath: part(),
  signal,
  onStep: () => undefined,
  onProgress: (...numbers) => progress.push(numbers.map(Number)),
  checkSpace: async (bytes) => void spaces.push(bytes),
});
const source = (hubToken?: string) => createHubSource({ outbound, hubUrl: fake.url, hubToken, retryDelayMs: 1 }, FILE);
const pull = (signal?: AbortSignal) => source().fetch(targetOf(signal));

describe("a file of the hub", () => {
  test("is brought from where the hub redirects to, with the SHA-256 that the hub says", async () => {
    await expect(pull()).resolves.toEqual({ sha256: fake.hub.sha256 });
    expect(await readFile(part())).toEqual(CONTENT);
    expect(fake.seen.map(({ path }) => path)).toEqual([
      "/owner/Repo.GGUF/resolve/main/sub/model.gguf",
      "/bytes?signed=1",
    ]);
    expect(progress.at(-1)).toEqual([CONTENT.length, CONTENT.length]);
    expect(spaces).toEqual([CONTENT.length]);
  });

  test("with a pinned hash keeps that hash, whatever the hub says", async () => {
    const pinned = createHubSource(
      { outbound, hubUrl: fake.url, hubToken: undefined, retryDelayMs: 1 },
      { ...FILE, sha256: "d".repeat(64) },
    );
    await expect(pinned.fetch(targetOf())).resolves.toEqual({ sha256: "d".repeat(64) });
  });

  test("that the hub sends itself is taken as it comes", async () => {
    fake.hub.place = "hub";
    fake.hub.sha256 = null;
    await expect(pull()).resolves.toEqual({ sha256: null });
    expect(await readFile(part())).toEqual(CONTENT);
  });

  test("is taken up where a connection was cut, however often, and asked for only what is missing", async () => {
    fake.hub.cutAfter = 70_000;
    await pull();
    expect(await readFile(part())).toEqual(CONTENT);
    const ranges = fake.seen.filter(({ path }) => path.startsWith("/bytes")).map(({ range }) => range);
    expect(ranges.length).toBeGreaterThanOrEqual(5);
    expect(ranges[0]).toBeUndefined();
    for (const range of ranges.slice(1)) expect(range).toMatch(/^bytes=\d+-$/);
  });

  test("is taken up by a later pull after a cancelled one", async () => {
    fake.hub.cutAfter = 100_000;
    const controller = new AbortController();
    const first = createHubSource(
      { outbound, hubUrl: fake.url, hubToken: undefined, retryDelayMs: 60_000 },
      FILE,
    ).fetch(targetOf(controller.signal));
    await expect
      .poll(() =>
        stat(part()).then(
          (stats) => stats.size,
          () => 0,
        ),
      )
      .toBe(100_000);
    controller.abort();
    await expect(first).rejects.toThrow();
    fake.hub.cutAfter = null;
    await pull();
    expect(await readFile(part())).toEqual(CONTENT);
    expect(fake.seen.at(-1)?.range).toBe("bytes=100000-");
    expect(spaces.at(-1)).toBe(CONTENT.length - 100_000);
  });

  test("that is stopped has written down every byte that it had counted", async () => {
    fake.hub.cutAfter = 100_000;
    const controller = new AbortController();
    let counted = 0;
    const stopped = createHubSource(
      { outbound, hubUrl: fake.url, hubToken: undefined, retryDelayMs: 60_000 },
      FILE,
    ).fetch({
      ...targetOf(controller.signal),
      onProgress(receivedBytes) {
        counted = receivedBytes;
        if (receivedBytes > 0) controller.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ name: "AbortError" });
    expect(counted).toBeGreaterThan(0);
    expect((await stat(part())).size).toBe(counted);
  });

  test("that changed meanwhile starts again", async () => {
    fake.hub.cutAfter = 100_000;
    const controller = new AbortController();
    const first = createHubSource(
      { outbound, hubUrl: fake.url, hubToken: undefined, retryDelayMs: 60_000 },
      FILE,
    ).fetch(targetOf(controller.signal));
    await expect
      .poll(() =>
        stat(part()).then(
          (stats) => stats.size,
          () => 0,
        ),
      )
      .toBe(100_000);
    controller.abort();
    await expect(first).rejects.toThrow();
    const changed = Buffer.from(CONTENT.map((byte) => byte ^ 1));
    Object.assign(fake.hub, { content: changed, etag: '"version-2"', sha256: "b".repeat(64), cutAfter: null });
    await expect(pull()).resolves.toEqual({ sha256: "b".repeat(64) });
    expect(await readFile(part())).toEqual(changed);
  });

  test("from a mirror that ignores ranges starts again instead of being assembled wrongly", async () => {
    fake.hub.cutAfter = 100_000;
    fake.hub.hasRanges = false;
    const pulling = pull();
    await expect.poll(() => fake.seen.length).toBeGreaterThan(3);
    fake.hub.cutAfter = null;
    await pulling;
    expect(await readFile(part())).toEqual(CONTENT);
  });

  test("of which nothing more comes is given up with what has come kept", async () => {
    fake.hub.cutAfter = 100_000;
    const pulling = pull();
    pulling.catch(() => undefined);
    await expect.poll(() => fake.seen.length).toBeGreaterThan(1);
    fake.hub.cutAfter = 0;
    await expect(pulling).rejects.toMatchObject({
      code: "provider_failed",
      message: expect.stringMatching(/broke off 3 times/),
    });
    expect((await stat(part())).size).toBeGreaterThanOrEqual(100_000);
  });
});

describe("the token", () => {
  test("is shown to the hub and to no other host", async () => {
    await source("hf_secret").fetch(targetOf());
    expect(fake.seen.map(({ authorization }) => authorization)).toEqual(["Bearer hf_secret", undefined]);
  });

  test.each([401, 403])("is named when the hub answers %s", async (status) => {
    fake.hub.status = status;
    await expect(pull()).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringMatching(/Set TREADLE_HUB_TOKEN/),
    });
    await expect(source("hf_secret").fetch(targetOf())).rejects.toThrow(/The token in TREADLE_HUB_TOKEN has no access/);
  });
});

describe("an answer that is no file", () => {
  test("404 names the file that is not there", async () => {
    fake.hub.status = 404;
    await expect(pull()).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringMatching(/has no owner\/Repo.GGUF\/sub\/model.gguf at revision main/),
    });
  });

  test("500 is attributed to the hub", async () => {
    fake.hub.status = 500;
    await expect(pull()).rejects.toMatchObject({
      code: "provider_failed",
      message: expect.stringMatching(/responded with HTTP 500/),
    });
  });

  test("a redirect in circles is given up", async () => {
    fake.hub.place = "nowhere in particular";
    await expect(pull()).rejects.toThrow(/redirected more than 5 times/);
    expect(fake.seen).toHaveLength(6);
  });

  test("a redirect to something else than the web is not followed", async () => {
    fake.hub.place = "ftp";
    await expect(pull()).rejects.toThrow(/without https/);
  });

  test("a redirect to an address that this server may not reach is not followed", async () => {
    await outbound.close();
    outbound = createOutbound({ allow: [new URL(fake.url).host] });
    await expect(pull()).rejects.toMatchObject({ kind: "refused_address" });
    expect(fake.seen.every(({ path }) => path.startsWith("/owner/"))).toBe(true);
  });

  test("a hub that is not there is noticed", async () => {
    await fake.close();
    await expect(pull()).rejects.toMatchObject({ kind: "connect" });
    fake = await openFakeHub(CONTENT);
  });
});
