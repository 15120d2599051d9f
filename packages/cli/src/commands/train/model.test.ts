import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runTreadle } from "../../testing/run-treadle.ts";
import { startScriptedServer } from "../../testing/scripted-server.ts";

const CONTENT = "GGUF and then some";
const sha256 = createHash("sha256").update(CONTENT).digest("hex");
const latest = { version: 3, format: "gguf", stage: "none", sizeBytes: 98_362_432 };
const model = {
  name: "support",
  description: "",
  tags: {},
  keepVersions: null,
  retention: "project",
  versions: 3,
  latest,
  aliases: [{ alias: "production", version: 2, movedAt: "2026-01-01T00:00:00.000Z", movedBy: "Ada" }],
  createdBy: "Ada",
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-01T00:00:00.000Z",
};
const version = {
  versionId: "mv_1",
  name: "support",
  version: 2,
  format: "gguf-adapter",
  formats: ["gguf-adapter", "adapter"],
  stage: "production",
  aliases: ["production"],
  base: { ref: "base@v1", hash: null, version: null },
  data: [],
  facts: { architecture: "llama", parameters: 1_228_800, quantisation: "F16", contextTokens: null, license: null },
  runId: "ftjob_1",
  source: "the training run ftjob_1",
  license: "apache-2.0",
  canServe: true,
  whyNot: null,
  licenseFrom: { said: "base", base: "base@v1" },
  files: [{ path: "adapter/adapter.gguf", sizeBytes: CONTENT.length, sha256 }],
};
const VERSION = "GET /api/v1/registry/models/support/versions/2";
const refusal = (status: number, code: string, message: string) => (_: unknown, response: { statusCode: number }) => {
  response.statusCode = status;
  return { error: { code, message } };
};

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-model-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("treadle model", () => {
  test("ls lists models side by side, and narrows to a name", async () => {
    const empty = { ...model, name: "a-much-longer-name", latest: null, aliases: [] };
    const server = await startScriptedServer({
      "GET /api/v1/registry/models?limit=200&search=": () => ({ items: [model, empty], nextCursor: null }),
      "GET /api/v1/registry/models?limit=200&search=nobody": () => ({ items: [], nextCursor: null }),
    });
    const { code, stdout } = await runTreadle(["model", "ls", "--url", server.url]);
    expect([code, stdout.split("\n")]).toEqual([
      0,
      ["support             v3          gguf  98.4 MB  production=v2", "a-much-longer-name  no version", ""],
    ]);
    const none = await runTreadle(["model", "ls", "nobody", "--url", server.url]);
    expect(none.stdout).toContain("No model is registered yet. To import one");
    const { json } = await runTreadle(["model", "ls", "--json", "--url", server.url]);
    expect(json().items).toEqual([model, empty]);
    await server.close();
  });

  test("show says what a version is; a name alone is its production", async () => {
    const server = await startScriptedServer({
      "GET /api/v1/registry/models/support": () => model,
      [VERSION]: () => version,
    });
    const { code, stdout } = await runTreadle(["model", "show", "support", "--url", server.url]);
    expect(code).toBe(0);
    for (const words of [
      "support@v2  gguf-adapter, adapter  stage production\naliases: production\n",
      "over base@v1",
      "from ftjob_1; license apache-2.0, of the base base@v1",
    ])
      expect(stdout).toContain(words);
    expect(stdout).toContain(`  ${sha256.slice(0, 12)}  0.0 MB  adapter/adapter.gguf`);
    await server.close();
  });

  test("pull writes the files below a folder, each compared with its SHA-256", async () => {
    let content = CONTENT;
    const server = await startScriptedServer({
      [VERSION]: () => version,
      [`${VERSION}/content?path=adapter%2Fadapter.gguf`]: (_, response) => {
        response.end(content);
        return undefined;
      },
    });
    const out = join(folder, "pulled");
    const words = ["model", "pull", "support@2", "--out", out, "--url", server.url];
    const { code, stdout } = await runTreadle(words);
    expect([code, stdout]).toEqual([0, `1 files are in ${out}, each with its SHA-256.\n`]);
    expect(await readFile(join(out, "adapter/adapter.gguf"), "utf8")).toBe(CONTENT);
    content = "something else";
    const damaged = await runTreadle(words);
    expect(damaged.code).toBe(1);
    expect(damaged.stderr).toContain("adapter/adapter.gguf arrived damaged. Pull it again.");
    await server.close();
  });

  test("export writes an archive, and refuses a kind that there is not before it asks", async () => {
    const server = await startScriptedServer({
      [`${VERSION}/export?kind=oci`]: (_, response) => {
        response.end("a tar archive");
        return undefined;
      },
    });
    const out = join(folder, "model.tar");
    const of = (kind: string) =>
      runTreadle(["model", "export", "support@2", "--kind", kind, "--out", out, "--url", server.url]);
    expect(await of("oci")).toMatchObject({ code: 0, stdout: `The archive is ${out}.\n` });
    expect(await readFile(out, "utf8")).toBe("a tar archive");
    const before = server.seen.length;
    const wrong = await of("zip");
    expect([wrong.code, server.seen.length]).toEqual([64, before]);
    expect(wrong.stderr).toContain('"zip" is not an export format.');
    await server.close();
  });

  test("promote moves an alias and rolls it back", async () => {
    const server = await startScriptedServer({
      "PUT /api/v1/registry/models/support/aliases/production": () => model,
      "POST /api/v1/registry/models/support/aliases/production/rollback": () => model,
    });
    const of = (...words: string[]) => runTreadle(["model", "promote", ...words, "--url", server.url]);
    expect(await of("support@v2", "--reason", "better")).toMatchObject({
      code: 0,
      stdout: "support@production now points to version 2.\n",
    });
    expect(await of("support", "--rollback")).toMatchObject({ code: 0 });
    expect(server.seen.map(({ body }) => body)).toEqual([{ version: "v2", reason: "better" }, { reason: "" }]);
    await of("support@v2", "--reason", "incident", "--force");
    expect(server.seen.at(-1)?.body).toEqual({ version: "v2", reason: "incident", force: true });
    const bare = await of("support");
    expect([bare.code, bare.stderr]).toEqual([64, "treadle: Name the version: treadle model promote NAME@v3\n"]);
    await server.close();
  });

  test("promote names the rollouts for which the alias waits", async () => {
    const deployment = { deploymentId: "dep_1", rolloutIds: ["roll_1", "roll_2"] };
    const server = await startScriptedServer({
      "PUT /api/v1/registry/models/support/aliases/production": () => ({ ...model, deployment }),
    });
    expect(await runTreadle(["model", "promote", "support@v3", "--url", server.url])).toMatchObject({
      code: 0,
      stdout: "support@production stays at version 2 until these rollouts are promoted: roll_1, roll_2.\n",
    });
    await server.close();
  });

  test.each([
    ["a model that is not there", 404, "not_found", 'This project has no registered model "support".'],
    [
      "a right that the key has not",
      403,
      "forbidden",
      "You are signed in, but this needs the permission models:write.",
    ],
    [
      "a second person that is missing",
      409,
      "conflict",
      'In this project the alias "production" needs the approval of a second person.',
    ],
  ])("%s is reported in the server's words", async (...[, status, code, message]) => {
    const refuse = refusal(status, code, message);
    const server = await startScriptedServer({
      "GET /api/v1/registry/models/support": refuse,
      [VERSION]: refuse,
      [`${VERSION}/export?kind=files`]: refuse,
      "PUT /api/v1/registry/models/support/aliases/production": refuse,
    });
    for (const words of [
      ["show", "support"],
      ["pull", "support@2"],
      ["export", "support@2"],
      ["promote", "support@v2"],
    ]) {
      const answer = await runTreadle(["model", ...words, "--url", server.url]);
      expect([answer.code, answer.stdout, answer.stderr], words.join(" ")).toEqual([1, "", `treadle: ${message}\n`]);
    }
    const { stderr } = await runTreadle(["model", "show", "support", "--json", "--url", server.url]);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code, message } });
    await server.close();
  });

  test("without a server it says how to start one, and without a key where one is", async () => {
    const away = await runTreadle(["model", "ls", "--url", "http://127.0.0.1:9"]);
    expect([away.code, away.stdout]).toEqual([4, ""]);
    expect(away.stderr).toContain("npm start");
    const server = await startScriptedServer({
      "GET /api/v1/registry/models?limit=200&search=": refusal(401, "unauthorized", "The API key is missing."),
    });
    expect((await runTreadle(["model", "ls", "--url", server.url])).stderr).toContain("TREADLE_API_KEY");
    await server.close();
  });
});

describe("treadle model retention", () => {
  const item = {
    name: "support",
    version: 1,
    sizeBytes: 98_362_432,
    unusedSince: "2026-01-01T00:00:00.000Z",
    dueAt: "2026-01-31T00:00:00.000Z",
    isDue: true,
  };
  const later = { ...item, version: 2, dueAt: "2099-01-31T00:00:00.000Z", isDue: false };
  const policy = { keepNewest: 5, afterDays: 30 };
  const plan = { policy, items: [item, later], dueVersions: 1, dueBytes: item.sizeBytes };
  const job = {
    jobId: "job_1",
    title: "Remove",
    status: "done",
    error: null,
    result: { versions: 1, bytes: 98_362_432 },
    progress: { done: 1, total: 1, unit: "versions", message: "" },
  };

  test("lists what would go and changes nothing", async () => {
    const server = await startScriptedServer({ "GET /api/v1/registry/retention": () => plan });
    const { code, stdout } = await runTreadle(["model", "retention", "--url", server.url]);
    expect([code, stdout.split("\n")]).toEqual([
      0,
      [
        "The newest 5 versions of a model retain their files. Other versions lose them 30",
        "days after their last use.",
        "support@v1  98.4 MB  due",
        "support@v2  98.4 MB  on 2099-01-31",
        "1 are due, 98.4 MB. They are removed within a day, or now with treadle model",
        "retention --run",
        "",
      ],
    ]);
    expect(server.seen.map(({ endpoint }) => endpoint)).toEqual(["GET /api/v1/registry/retention"]);
    await server.close();
  });

  test("sets the rule of the project or of a model, and removes what is due when told to", async () => {
    const server = await startScriptedServer({
      "GET /api/v1/registry/retention": () => ({ ...plan, items: [] }),
      "GET /api/v1/registry/retention?name=support": () => ({ ...plan, policy: null, items: [] }),
      "PUT /api/v1/registry/settings": () => ({ needsApproval: false, retention: policy }),
      "PATCH /api/v1/registry/models/support": () => model,
      "POST /api/v1/registry/retention/runs": () => ({ jobId: "job_1" }),
      "GET /api/v1/jobs/job_1": () => job,
    });
    const of = (...words: string[]) => runTreadle(["model", "retention", ...words, "--url", server.url]);
    await of("--keep-newest", "5", "--after-days", "30");
    await of("--keep-all");
    await of("support", "--keep-newest", "1", "--after-days", "0");
    await of("support", "--keep-all");
    await of("support", "--off");
    expect(server.seen.flatMap(({ body }) => (body ? [body] : []))).toEqual([
      { retention: policy },
      { retention: null },
      { retention: { keepNewest: 1, afterDays: 0 } },
      { retention: "keep-all" },
      { retention: "project" },
    ]);
    expect((await of("--run")).stdout).toBe(
      "Removed the files of 1 versions, 98.4 MB. The records of the versions remain.\n",
    );
    await server.close();
  });

  test.each([
    [["--keep-newest", "5"], "A rule needs both options"],
    [["--keep-newest", "some", "--after-days", "1"], '"some" (--keep-newest) is not a whole number.'],
    [["--keep-all", "--keep-newest", "1", "--after-days", "1"], "Use only one of"],
    [["--off"], "--off needs a model"],
  ])("%s is refused before anything is asked", async (words, why) => {
    const server = await startScriptedServer({});
    const { code, stderr } = await runTreadle(["model", "retention", ...words, "--url", server.url]);
    expect([code, server.seen]).toEqual([64, []]);
    expect(stderr).toContain(why);
    await server.close();
  });
});
