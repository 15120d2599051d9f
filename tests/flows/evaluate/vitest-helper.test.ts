import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

const root = join(import.meta.dirname, "../../..");
const folder = mkdtempSync(join(tmpdir(), "treadle-vitest-"));
const LONG = 180_000;
let treadle: SharedTreadle;
let call: Client["call"];
beforeAll(async () => {
  treadle = await openSharedTreadle();
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
});
afterAll(async () => {
  await treadle?.stop();
  rmSync(folder, { recursive: true, force: true });
});

type Result = { title: string; status: string; failureMessages: string[] };
/** Runs Vitest in a process without the environment variables of this test run. */
async function runVitest(where: string, env: Record<string, string>) {
  const report = join(folder, "report.json");
  const args = [
    join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    "--root",
    where,
    "--config",
    join(where, "vitest.config.ts"),
  ];
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`, "--maxWorkers=1"];
  const child = execFile(process.execPath, [...args, ...reporters], {
    cwd: where,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: "1", ...env },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (output += text));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  const results = (): Map<string, Result> => {
    const { testResults } = JSON.parse(readFileSync(report, "utf8")) as {
      testResults: { assertionResults: Result[] }[];
    };
    return new Map(testResults.flatMap(({ assertionResults }) => assertionResults).map((one) => [one.title, one]));
  };
  return { code, output, results };
}
const named = () => ({
  TREADLE_URL: treadle.url,
  TREADLE_API_KEY: treadle.apiKey,
  GITHUB_REF_NAME: "main",
  GITHUB_SHA: "abc",
});

const PROGRAM = `
import { evaluate } from "@treadle/sdk/vitest";
import { expect, test } from "vitest";

const items = Array.from({ length: 40 }, (_, at) => ({ itemId: "item-" + at, inputs: { at }, expected: "yes" }));
const every = (nth: number) => ({ inputs }: { inputs: { at?: unknown } }) => (Number(inputs.at) % nth === 0 ? "no" : "yes");
const shared = { items, scorers: ["exact-match"] };

test("good", async () => {
  await evaluate({ ...shared, name: "good", task: () => "yes", floor: 0.9 });
});
test("low", async () => {
  await evaluate({ ...shared, name: "low", task: every(2), floor: 0.9 });
});
test("open", async () => {
  const { outcome } = await evaluate({ ...shared, name: "open", task: every(5), floor: 0.85 });
  expect(outcome).toBe("inconclusive");
});
test("strict", async () => {
  await evaluate({ ...shared, name: "strict", task: every(5), floor: 0.85, inconclusive: "fail" });
});
test("away", async () => {
  const task = () => { throw Object.assign(new Error("too many requests"), { code: "rate_limited" }); };
  await evaluate({ ...shared, name: "away", task, floor: 0.9 });
});
test("asserts", async () => {
  await evaluate({ ...shared, name: "asserts", task: () => { expect(1).toBe(2); return "yes"; } });
});
test("worse", async () => {
  const first = await evaluate({ ...shared, name: "worse", task: () => "yes" });
  await evaluate({ ...shared, name: "worse", task: every(2), baseline: { runId: first.run.runId } });
});
test("documents", async () => {
  const task = () => ({ output: "Paris is large.", documents: ["Paris is a large town."], toolCalls: [{ name: "look", arguments: {} }] });
  const { run } = await evaluate({ name: "documents", items: items.slice(0, 3), task, scorers: ["support-overlap"] });
  expect(run.scores[0]).toMatchObject({ scorer: "support-overlap", value: 1, items: 3 });
});
test("wrong floor", async () => {
  await evaluate({ ...shared, name: "wrong", task: () => "yes", floor: { helpful: 1 } });
});
test("matches", async () => {
  await expect("Paris").toScore("exact-match", { expected: "Paris" });
  await expect("Rome").not.toScore("exact-match", { expected: "Paris" });
  await expect("Rome").toScore({ kind: "length" }, { atLeast: 1, atMost: 10 });
});
test("does not match", async () => {
  await expect("Rome").toScore("exact-match", { expected: "Paris" });
});
test("no score", async () => {
  await expect("Rome").not.toScore("exact-match");
});
test("no such scorer", async () => {
  await expect("Rome").toScore("nobody");
});
`;

describe("in Vitest", () => {
  let results: Map<string, Result>;
  let output: string;
  const messageOf = (title: string) => results.get(title)?.failureMessages.join("\n") ?? "";
  beforeAll(async () => {
    writeFileSync(join(folder, "cases.test.ts"), PROGRAM);
    writeFileSync(join(folder, "vitest.config.ts"), "export default { test: { testTimeout: 60000 } };");
    const ran = await runVitest(folder, named());
    [results, output] = [ran.results(), ran.output];
  }, LONG);

  test("what is good passes, and what is not fails with its table and its worst items", () => {
    expect(results.get("good")?.status).toBe("passed");
    expect(output).toMatch(/good: PASS/);
    expect(results.get("low")?.status).toBe("failed");
    expect(messageOf("low")).toMatch(/EvaluationFailed: low: BELOW THE FLOOR/);
    expect(messageOf("low")).toMatch(/exact-match +0\.5 \[0\.\d+, 0\.\d+\] +40 +0\.9 +– +– +below the floor/);
    expect(messageOf("low")).toMatch(
      /The worst items:\n +item-\d+ +exact-match 0\n +in +\{"at":\d+\}\n +out +no\n +expected +yes/,
    );
    expect(messageOf("worse")).toMatch(/EvaluationFailed: worse: REGRESSION/);
  });

  test("what cannot be decided passes and says how many more items would decide, and fails where that is asked for", () => {
    expect(results.get("open")?.status).toBe("passed");
    expect(output).toMatch(/open: INCONCLUSIVE, counts as passed/);
    expect(output).toMatch(/About \d+ more items would decide it\./);
    expect(messageOf("strict")).toMatch(/strict: INCONCLUSIVE/);
  });

  test("answers that never came are no failed assertion, and an assertion within the program is one", () => {
    expect(messageOf("away")).toMatch(/ProviderErrors: away: PROVIDER ERRORS/);
    expect(messageOf("away")).toMatch(/no answer\n.*\n +out +error rate_limited: too many requests/);
    expect(messageOf("asserts")).toMatch(/AssertionError: expected 1 to be 2/);
  });

  test("an answer brings its documents and its calls of tools to the scorers", () => {
    expect(messageOf("documents")).toBe("");
    expect(results.get("documents")?.status).toBe("passed");
  });

  test("toScore holds one answer against a limit; where there is no score it fails, also after `not`", () => {
    expect(results.get("matches")?.status).toBe("passed");
    expect(messageOf("does not match")).toMatch(
      /exact-match is 0, but must be at least 1\.[\s\S]*answer +Rome[\s\S]*expected +"Paris"/,
    );
    expect(messageOf("no score")).toMatch(/exact-match has no score for this answer: /);
    expect(messageOf("no such scorer")).toMatch(/nobody/);
  });

  test("a floor for a missing score is reported before any call, with the available scores", async () => {
    expect(messageOf("wrong floor")).toMatch(/floor: "helpful" is not one of the scorers: exact-match/);
    expect((await call("GET /api/v1/runs", { query: { suite: "wrong" } })).items).toEqual([]);
  });

  test("the runs are on the server, with the branch and the commit they were made at", async () => {
    const { items } = await call("GET /api/v1/runs", { query: { suite: "low", branch: "main" } });
    expect(items).toMatchObject([
      { name: "low", origin: "uploaded", answers: 40, gate: "below-floor", source: { commit: "abc" } },
    ]);
  });

  test("without a server, the error explains how to start one", { timeout: LONG }, async () => {
    const { code, output: told } = await runVitest(folder, {});
    expect(code).toBe(1);
    expect(told).toContain("There is no server to score on. Set TREADLE_URL");
  });
});

test("the example passes on a separate server, without a network or a key", { timeout: 2 * LONG }, async () => {
  const { code, output } = await runVitest(join(root, "examples/vitest"), {});
  expect([code, output]).toEqual([
    0,
    expect.stringMatching(/triage: PASS[\s\S]*exact-match +1 \[0\.7\d*, 1\] +12 +0\.7/),
  ]);
});
