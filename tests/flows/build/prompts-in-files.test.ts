import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, createClient } from "@treadle/sdk";
import { createPrompts } from "@treadle/sdk/prompts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runTreadle } from "../../../packages/cli/src/testing/run-treadle.ts";
import { type RunningTreadle, startTreadle } from "../../setup/start-treadle.ts";

let treadle: RunningTreadle;
let client: Client;
const folder = mkdtempSync(join(tmpdir(), "treadle-prompts-"));
beforeAll(async () => {
  treadle = await startTreadle();
  client = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey });
});
afterAll(async () => {
  await treadle?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: string[]) =>
  runTreadle(["prompt", ...args], { env: { TREADLE_URL: treadle.url, TREADLE_API_KEY: treadle.apiKey } });
const file = (name: string) => join(folder, `${name}.prompt.yaml`);
const read = (name: string) => readFileSync(file(name), "utf8");
const latestOf = async (name: string) =>
  (await client.call("GET /api/v1/prompts/:name/details", { params: { name } })).latestVersion;

test("prompts go from the server into files, are changed there, compared, and pushed as versions", async () => {
  await client.call("POST /api/v1/prompts", {
    body: { name: "shared/tone", type: "text", template: "Be warm.\n", labels: ["production"] },
  });
  await client.call("POST /api/v1/prompts", {
    body: {
      name: "support/reply",
      type: "chat",
      messages: [{ role: "system", content: "{{> shared/tone}}Help {{customer}}." }, { placeholder: "history" }],
      tags: ["support"],
      labels: ["production"],
    },
  });
  const pulled = await run("pull", "--dir", folder);
  expect(pulled.stdout).toContain("2 written, 0 the same");
  expect(read("support/reply")).toContain("name: support/reply\nversion: 1\ntags:\n  - support\ntype: chat\n");

  writeFileSync(file("support/reply"), read("support/reply").replace("Help {{customer}}", "Serve {{customer}} well"));
  const diff = await run("diff", folder, "--check");
  expect([diff.code, diff.stdout]).toEqual([1, expect.stringContaining("Serve {{customer}} well")]);
  expect(diff.stdout).toMatch(/^--- support\/reply version 1$/m);
  expect((await run("diff", file("support/reply"), "--label", "prod")).stdout).toContain(
    '--- support/reply (no version has the label "prod"; labels: latest, production)',
  );

  const dry = await run("push", folder, "--dry-run", "--json");
  expect(dry.json()).toMatchObject({ isDryRun: true, items: [{ status: "same" }, { status: "saved", version: 2 }] });
  expect(await latestOf("support/reply")).toBe(1);

  const pushed = await run("push", folder, "-m", "Warmer", "--label", "staging");
  expect([pushed.code, pushed.stdout]).toEqual([0, "support/reply  version 2\n1 pushed, 1 the same\n"]);
  expect(read("support/reply")).toContain("version: 2\n");
  const saved = await client.call("GET /api/v1/prompts/:name", {
    params: { name: "support/reply" },
    query: { label: "staging" },
  });
  expect(saved).toMatchObject({ version: 2, message: "Warmer", included: { "shared/tone@production": 1 } });
  expect((await run("diff", folder)).stdout).toBe("2 compared, all the same\n");
  expect((await run("push", folder)).stdout).toBe("0 pushed, 2 the same\n");
});

test("new files become prompts, those that are included first", async () => {
  writeFileSync(file("a-first"), "name: a-first\ntemplate: |\n  {{> z-last@latest}}\n  And more.\n");
  writeFileSync(file("z-last"), "name: z-last\ntemplate: |\n  The base.\n");
  const pushed = await run("push", folder, "--json");
  expect(pushed.json().items.slice(0, 2)).toMatchObject([
    { name: "z-last", status: "created", version: 1 },
    { name: "a-first", status: "created", version: 1 },
  ]);
  const { text } = await client.call("POST /api/v1/prompts/:name/render", {
    params: { name: "a-first" },
    body: { label: "latest" },
  });
  expect(text).toBe("The base.\n\nAnd more.\n");
});

test("another user's newer version is not overwritten, on the server or here, unless forced", async () => {
  await client.call("POST /api/v1/prompts/:name/versions", {
    params: { name: "z-last" },
    body: { type: "text", template: "Theirs.\n" },
  });
  writeFileSync(file("z-last"), read("z-last").replace("The base.", "Mine."));
  const pushed = await run("push", file("z-last"));
  expect(pushed.code).toBe(1);
  expect(pushed.stderr).toContain("is behind: the server has version 2");
  const pulled = await run("pull", "z-last", "--dir", folder);
  expect(pulled.code).toBe(1);
  expect(pulled.stderr).toContain("has unpushed changes and was not overwritten");
  expect(read("z-last")).toContain("Mine.");
  expect((await run("push", file("z-last"), "--force")).stdout).toContain("z-last  version 3");
  expect((await run("pull", "z-last", "--dir", folder)).stdout).toContain("0 written, 1 the same");
});

test("wrong files, names and prompts are refused in a sentence, before anything is pushed", async () => {
  const count = async () => (await client.call("GET /api/v1/prompts")).items.length;
  const before = await count();
  writeFileSync(file("aa-fine"), "name: aa-fine\ntemplate: x\n");
  writeFileSync(file("broken"), "name: broken\ntemplate: [\n");
  const broken = await run("push", folder);
  expect([broken.code, broken.stderr]).toEqual([
    64,
    expect.stringMatching(/broken\.prompt\.yaml, line \d: invalid YAML/),
  ]);
  expect(await count()).toBe(before);
  writeFileSync(file("broken"), "name: broken\ntemplate: '{{#open}}'\n");
  const refused = await run("push", file("broken"), "--json");
  expect(JSON.parse(refused.stderr).error.message).toMatch(/broken\.prompt\.yaml: .*never closed/);
  expect((await run("pull", "no/such", "--dir", folder)).stderr).toContain("There is no prompt no/such");
  expect((await run("push", join(folder, "nowhere"))).stderr).toContain("There is no file or folder");
  rmSync(file("broken"));
});

test("a program renders like the server, gets a moved label in time, and continues when the server is unavailable", async () => {
  let now = Date.now();
  const prompts = createPrompts({
    baseUrl: treadle.url,
    apiKey: treadle.apiKey,
    onProblem: () => undefined,
    now: () => now,
  });
  const inputs = { customer: "Ada", history: [{ role: "user", content: "Hello" }] };
  const here = await prompts.get("support/reply");
  expect(here.fill(inputs)).toEqual(await prompts.render("support/reply", { inputs }));
  expect(here.fill(inputs).messages[0]).toEqual({ role: "system", content: "Be warm.\nHelp Ada." });

  await client.call("PUT /api/v1/prompts/:name/labels/:label", {
    params: { name: "support/reply", label: "production" },
    body: { version: 2, expectedVersion: 1 },
  });
  now += 61_000;
  expect((await prompts.get("support/reply")).version).toBe(1);
  await expect.poll(() => prompts.peek("support/reply")?.version).toBe(2);

  const away = createPrompts({
    baseUrl: "http://127.0.0.1:9",
    apiKey: "tr_x",
    onProblem: () => undefined,
  });
  const fallback = { type: "text", template: "Hello {{customer}}" } as const;
  expect((await away.get("support/reply", { fallback })).fill(inputs).text).toBe("Hello Ada");
  await treadle.stop();
  now += 61_000;
  expect((await prompts.get("support/reply")).version).toBe(2);
  await expect(prompts.get("never/loaded")).rejects.toMatchObject({ code: "network" });
});
