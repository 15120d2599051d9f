import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, createClient, sendDatasetFile } from "../../../packages/sdk/src/index.ts";
import { type RunningTreadle, startTreadle } from "../../setup/start-treadle.ts";

const BINARY = join(import.meta.dirname, "../../../packages/cli/bin/treadle.mjs");
const dataFolder = mkdtempSync(join(tmpdir(), "treadle-data-"));
const folder = mkdtempSync(join(tmpdir(), "treadle-files-"));
const env = { TREADLE_SAMPLE_DATA: "false", TREADLE_BOOTSTRAP_KEY: `tr_${"k".repeat(40)}` };
let treadle: RunningTreadle;
let client: Client;

async function start() {
  treadle = await startTreadle({ env, dataFolder });
  client = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey });
}
beforeAll(start);
afterAll(async () => {
  await treadle?.stop();
  for (const path of [dataFolder, folder]) rmSync(path, { recursive: true, force: true });
});

/** Runs a `treadle dataset` command in a folder of files. */
async function dataset(...args: string[]) {
  const child = spawn(process.execPath, [BINARY, "dataset", ...args, "--url", treadle.url, "--key", treadle.apiKey], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: "1" },
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    output.stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    output.stderr += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, ...output, lines: () => output.stdout.trim().split("\n") };
}

const write = (name: string, content: string | Buffer) => writeFileSync(join(folder, name), content);
const lines = (rows: readonly object[]) => `${rows.map((row) => JSON.stringify(row)).join("\n")}\n`;
const chats = Array.from({ length: 1_500 }, (_, place) => ({
  messages: [
    { role: "user", content: `What is ${place} + ${place}?` },
    { role: "assistant", content: String(2 * place), weight: place % 2 },
  ],
  split: place % 10 === 0 ? "test" : "train",
}));

async function startImport(name: string, content: Buffer, more: object = {}) {
  const { datasetId } = await client.call("POST /api/v1/datasets", { body: { name } });
  const { fileId } = await sendDatasetFile(client, {
    name: `${name}.jsonl`,
    content: new Blob([new Uint8Array(content)]),
  });
  const body = { fileId, ...more };
  const started = await client.call("POST /api/v1/datasets/:datasetId/imports", { params: { datasetId }, body });
  return started;
}

async function untilEnded(jobId: string) {
  for (let tries = 0; tries < 1_200; tries++) {
    const job = await client.call("GET /api/v1/jobs/:jobId", { params: { jobId } });
    if (job.status !== "queued" && job.status !== "running") return job;
    await delay(50);
  }
  throw new Error(`the job ${jobId} did not end`);
}

test("a missing file is reported, and nothing is created", async () => {
  const ended = await dataset("import", "nowhere.csv");
  expect(ended).toMatchObject({ code: 64, stdout: "", stderr: 'treadle: There is no file "nowhere.csv".\n' });
  expect(await dataset("import", ".")).toMatchObject({ code: 64, stderr: expect.stringContaining("is a folder") });
  expect((await client.call("GET /api/v1/datasets", { query: { search: "nowhere" } })).items).toEqual([]);
});

test("a file becomes a version, and its export the same version again", async () => {
  write("chats.jsonl.gz", gzipSync(lines(chats)));
  const made = await dataset("import", "chats.jsonl.gz", "--commit", "first");
  expect(made.stderr).toMatch(/Sent \d+ kB of chats\.jsonl\.gz/);
  expect(made.lines()[0]).toBe('1500 items are in the draft of main of "chats".');
  const inNewFolder = await dataset("export", "chats", "--shape", "openai-chat", "--out", "new/folder/out.csv");
  expect([inNewFolder.code, inNewFolder.stderr]).toEqual([0, expect.stringContaining("in new/folder/out.csv.")]);
  const root = /root ([0-9a-f]{64})$/.exec(made.lines()[1] ?? "")?.[1];
  for (const out of ["out.parquet", "out.csv.gz"]) {
    const written = await dataset("export", "chats", "--shape", "openai-chat", "--out", out);
    expect([written.code, written.stderr]).toEqual([0, expect.stringContaining(`1500 items are in ${out}.`)]);
    const again = await dataset("import", out, "--dataset", out, "--commit", "again", "--json");
    const [, version = "{}"] = again.lines();
    expect(JSON.parse(version)).toMatchObject({ root, version: 1, stats: { rows: 1_500 } });
  }
});

test("rows with errors are listed by line, and the good ones kept when asked for", async () => {
  write("mixed.csv", 'text,label\nhello,greeting\nbye\n"=1+1",formula\n');
  const refused = await dataset("import", "mixed.csv");
  expect([refused.code, refused.stdout]).toEqual([1, ""]);
  expect(refused.stderr).toContain("line 3: The row has 1 cell, but the header has 2 columns");
  expect(refused.stderr).toContain("Nothing was imported");
  const imported = await dataset("import", "mixed.csv", "--keep-good-rows");
  expect([imported.code, imported.lines()]).toEqual([0, ['2 items are in the draft of main of "mixed".']]);
  const written = await dataset("export", "mixed", "--version", "draft", "--shape", "table", "--out", "mixed-out.csv");
  expect(written.code).toBe(0);
  expect(readFileSync(join(folder, "mixed-out.csv"), "utf8").split("\r\n").slice(1)).toEqual([
    "hello,greeting",
    "'=1+1,formula",
    "",
  ]);
});

test("columns are mapped as specified, and a preview changes nothing", async () => {
  write("scores.csv", "question;score;note\nWhat?;1.5;x\n");
  const map = ["--map", "score=expected:number", "--map", "note=ignore", "--map", "question=inputs.ask"];
  const preview = await dataset("import", "scores.csv", "--preview", ...map);
  expect(preview.stdout).toContain("score: string → expected");
  expect(preview.stdout).toContain("1 rows checked (the whole file); 0 with errors. Nothing was imported.");
  const none = await dataset("export", "scores");
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('There is no dataset "scores"')]);
  expect((await dataset("import", "scores.csv", ...map)).code).toBe(0);
  await dataset("export", "scores", "--version", "draft", "--out", "scores.jsonl");
  expect(JSON.parse(readFileSync(join(folder, "scores.jsonl"), "utf8"))).toMatchObject({
    inputs: { ask: "What?" },
    expected: 1.5,
    metadata: {},
  });
  const wrong = await dataset("import", "scores.csv", "--map", "nothing=inputs");
  expect(wrong.stderr).toContain('no column "nothing". Its columns: question, score, note.');
});

test("the differences between a version and the draft are listed by item", async () => {
  write("more.jsonl", lines([{ messages: [{ role: "user", content: "One more?" }] }]));
  await dataset("import", "more.jsonl", "--dataset", "chats");
  const diff = await dataset("diff", "chats", "main", "draft");
  expect(diff.lines()[0]).toMatch(/^\+ it_\w+ .*One more\?/);
  expect(diff.lines().at(-1)).toBe("1 added, 0 removed, 0 changed from main to draft");
  const asJson = await dataset("diff", "chats", "--json");
  expect(JSON.parse(asJson.stdout)).toMatchObject({ counts: { added: 1 }, items: [{ kind: "added" }] });
  expect((await dataset("diff", "chats", "99", "draft")).stderr).toContain('has no branch, tag or version "99"');
});

test("rows with the same ids are replaced, and counted separately from new rows", async () => {
  const row = (id: number, a: string) => ({ id: `r${id}`, inputs: { q: id }, expected: a });
  write("rows.jsonl", lines(Array.from({ length: 300 }, (_, id) => row(id, "before"))));
  await dataset("import", "rows.jsonl", "--commit", "first");
  write("later.jsonl", lines(Array.from({ length: 250 }, (_, id) => row(id + 100, id < 200 ? "after" : "new"))));
  const imported = await dataset("import", "later.jsonl", "--dataset", "rows");
  expect([imported.code, imported.stderr]).toEqual([1, expect.stringContaining('"r100" is already used')]);
  const done = await dataset("import", "later.jsonl", "--dataset", "rows", "--upsert");
  expect([done.code, done.lines()]).toEqual([
    0,
    ['50 items are in the draft of main of "rows", and 200 replaced existing items.'],
  ]);
  const diff = await dataset("diff", "rows", "main", "draft", "--json");
  expect(JSON.parse(diff.stdout)).toMatchObject({ counts: { added: 50, removed: 0, changed: 200 } });
  const both = await dataset("import", "later.jsonl", "--dataset", "rows", "--upsert", "--replace");
  expect([both.code, both.stderr]).toEqual([64, expect.stringContaining("cannot be used with")]);
});

test("a file of another project, or an incomplete file, is not found", async () => {
  const { datasetId } = await client.call("POST /api/v1/datasets", { body: { name: "empty" } });
  const { fileId } = await client.call("POST /api/v1/dataset-files", { body: { name: "a.csv" } });
  const body = { fileId };
  const started = client.call("POST /api/v1/datasets/:datasetId/imports", { params: { datasetId }, body });
  await expect(started).rejects.toMatchObject({
    code: "unprocessable",
    message: expect.stringContaining("not complete"),
  });
  const params = { fileId: "dsf_00000000000000000000000000" };
  await expect(client.call("GET /api/v1/dataset-files/:fileId", { params })).rejects.toMatchObject({
    code: "not_found",
  });
});

test("an import that is cancelled leaves nothing in the draft", async () => {
  const content = Buffer.from(lines(chats)).toString().repeat(40);
  const { datasetId, jobId } = await startImport("cancelled", Buffer.from(content));
  await client.call("POST /api/v1/jobs/:jobId/cancel", { params: { jobId } });
  expect((await untilEnded(jobId)).status).toBe("cancelled");
  const draft = await client.call("GET /api/v1/datasets/:datasetId/draft", { params: { datasetId } });
  expect([draft.rows, draft.isDirty]).toEqual([0, false]);
});

test("an import that the server dies in is made whole after the next start, once", async () => {
  const rows = Array.from({ length: 60_000 }, (_, place) => ({ inputs: { q: place }, expected: `answer ${place}` }));
  const { datasetId, jobId, importId } = await startImport("killed", Buffer.from(lines(rows)));
  await delay(400);
  await treadle.stop("SIGKILL");
  await start();
  expect((await untilEnded(jobId)).status).toBe("done");
  const params = { importId };
  const done = await client.call("GET /api/v1/dataset-imports/:importId", { params });
  expect([done.state, done.rowsAdded]).toEqual(["done", 60_000]);
  const draft = await client.call("GET /api/v1/datasets/:datasetId/draft", { params: { datasetId } });
  expect([draft.rows, draft.steps.length]).toEqual([60_000, 1]);
}, 120_000);
