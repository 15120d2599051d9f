import { execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, createClient, sendDatasetFile } from "../../../packages/sdk/src/index.ts";
import { root } from "../../setup/sources.ts";
import { type RunningTreadle, startTreadle } from "../../setup/start-treadle.ts";

/** Characters that people use in folder names, and that have a meaning in an address, a shell or an SQL statement. */
const ODD = "My pröjects (2) 100%41 'new' & #1";
const PAGE = "<!doctype html><title>Treadle</title>";

let folder: string;
let treadle: RunningTreadle;
let call: Client["call"];

/** A copy of the program and its data, all below such a folder. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-odd-"));
  const home = join(folder, ODD);
  const copy = (path: string) => cp(join(root, path), join(home, path), { recursive: true });
  await copy("packages/server/src");
  await copy("packages/server/package.json");
  await copy("scripts");
  await symlink(join(root, "node_modules"), join(home, "node_modules"));
  await mkdir(join(home, "packages/web/dist"), { recursive: true });
  await writeFile(join(home, "packages/web/dist/index.html"), PAGE);
  execFileSync(process.execPath, [join(home, "scripts/build-server.mjs")]);
  treadle = await startTreadle({
    main: join(home, "packages/server/dist/main.mjs"),
    dataFolder: join(home, "data"),
    env: { TREADLE_SAMPLE_DATA: "false" },
  });
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
});
afterAll(async () => {
  await treadle?.stop();
  await rm(folder, { recursive: true, force: true });
});

test("the server starts in a folder of any name, and serves its pages", async () => {
  const page = await fetch(treadle.url, { headers: { accept: "text/html" } });
  expect([page.status, await page.text()]).toEqual([200, PAGE]);
});

test("its child processes run there: user code, templates, the model engine, file readers", async () => {
  const code = "function score({ output }) { return output.length; }";
  const ref = { kind: "code", name: "long", params: { code } };
  const sample = { output: "four" };
  expect((await call("POST /api/v1/scorers/try", { body: { ref, sample } })).value).toBe(4);
  const template = "{% if who %}Hello {{ who }}{% endif %}";
  await call("POST /api/v1/prompts", { body: { name: "greeting", type: "text", format: "jinja", template } });
  const params = { name: "greeting" };
  const body = { version: 1, inputs: { who: "Ada" } };
  expect((await call("POST /api/v1/prompts/:name/render", { params, body })).text).toBe("Hello Ada");
  const embeddings = await fetch(`${treadle.url}/v1/embeddings`, {
    method: "POST",
    headers: { authorization: `Bearer ${treadle.apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "use-lite-en", input: "hello" }),
  });
  expect(embeddings.status).toBe(200);
  const rows = new Blob([`${JSON.stringify({ inputs: { question: "?" }, expected: "!" })}\n`]);
  const { datasetId } = await call("POST /api/v1/datasets", { body: { name: "rows" } });
  const { fileId } = await sendDatasetFile(createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }), {
    name: "rows.jsonl",
    content: rows,
  });
  const { importId } = await call("POST /api/v1/datasets/:datasetId/imports", {
    params: { datasetId },
    body: { fileId },
  });
  await expect
    .poll(async () => (await call("GET /api/v1/dataset-imports/:importId", { params: { importId } })).state)
    .toBe("done");
});

test("spans are stored there, and found again", async () => {
  const span = {
    traceId: "a".repeat(32),
    spanId: "b".repeat(16),
    name: "an odd step",
    kind: "generation" as const,
    startTime: new Date().toISOString(),
    durationMs: 5,
    output: "zebra",
  };
  await call("POST /api/v1/spans", { body: { spans: [span] } });
  const matches = () => call("GET /api/v1/spans", { query: { filter: "zebra" } });
  await expect.poll(async () => (await matches()).items.map(({ name }) => name)).toEqual(["an odd step"]);
});
