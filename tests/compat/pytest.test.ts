import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Client, createClient } from "../../packages/sdk/src/index.ts";
import { openSharedTreadle, type SharedTreadle } from "../setup/shared-treadle.ts";

const root = join(import.meta.dirname, "../..");
const python = join(import.meta.dirname, ".venv/bin/python");
const LONG = 180_000;

const PROGRAM = `
import pytest
from treadle import Answer, NoScore

ITEMS = [{"item_id": f"item-{at}", "inputs": {"at": at}, "expected": "yes"} for at in range(40)]
every = lambda nth: lambda item: "no" if item["inputs"]["at"] % nth == 0 else "yes"
SHARED = {"items": ITEMS, "scorers": ["exact-match"]}

def test_good(treadle):
    found = treadle.evaluate(name="good", task=lambda item: "yes", floor=0.9, **SHARED)
    assert found.outcome == "pass" and found.run["scores"][0]["value"] == 1

def test_low(treadle):
    treadle.evaluate(name="low", task=every(2), floor=0.9, **SHARED)

@pytest.mark.treadle(floor=0.85, tags=["marked"])
class TestMarked:
    def test_open(self, treadle):
        assert treadle.evaluate(name="open", task=every(5), **SHARED).outcome == "inconclusive"

    @pytest.mark.treadle(inconclusive="fail")
    def test_strict(self, treadle):
        treadle.evaluate(task=every(5), **SHARED)

def test_away(treadle):
    def task(item):
        raise RuntimeError("too many requests")
    treadle.evaluate(name="away", task=task, floor=0.9, **SHARED)

def test_asserts(treadle):
    def task(item):
        assert item["inputs"]["at"] < 5, "too far"
        return "yes"
    treadle.evaluate(name="asserts", task=task, **SHARED)

def test_worse(treadle):
    first = treadle.evaluate(name="worse", task=lambda item: "yes", **SHARED)
    treadle.evaluate(name="worse", task=every(2), baseline={"run_id": first.run["runId"]}, **SHARED)

def test_documents(treadle):
    async def task(item):
        return Answer("Paris is large.", documents=["Paris is a large town."], tool_calls=[{"name": "look"}])
    found = treadle.evaluate(name="documents", items=ITEMS[:3], task=task, scorers=["support-overlap"])
    assert [found.run["scores"][0][key] for key in ("value", "items")] == [1, 3]

def test_wrong_floor(treadle):
    treadle.evaluate(name="wrong", task=lambda item: "yes", floor={"helpful": 1}, **SHARED)

def test_scores(treadle):
    assert treadle.score("Paris", "exact-match", expected="Paris").value == 1
    treadle.score("Rome", {"kind": "length"}, at_least=1, at_most=10)
    with pytest.raises(NoScore, match="has no score for this answer"):
        treadle.score("Rome", "exact-match")

def test_does_not_match(treadle):
    treadle.score("Rome", "exact-match", expected="Paris")
`;

describe.runIf(existsSync(python))("in pytest", () => {
  const folder = mkdtempSync(join(tmpdir(), "treadle-pytest-"));
  const site = join(folder, "site");
  let treadle: SharedTreadle;
  let call: Client["call"];

  beforeAll(async () => {
    // Built from a copy, because the build leaves files next to the sources.
    cpSync(join(root, "packages/python"), join(folder, "package"), { recursive: true });
    const quiet = ["--quiet", "--disable-pip-version-check", "--no-build-isolation", "--no-deps", "--no-index"];
    execFileSync(python, ["-m", "pip", "install", ...quiet, "--target", site, join(folder, "package")]);
    treadle = await openSharedTreadle();
    ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  }, LONG);
  afterAll(async () => {
    await treadle?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs pytest in a process without the environment variables of this test run. */
  async function runPytest(where: string, { env = {}, args = [] }: { env?: Record<string, string>; args?: string[] }) {
    const junit = join(folder, "junit.xml");
    const words = ["-m", "pytest", "-p", "no:cacheprovider", "-rA", `--junitxml=${junit}`, ...args, where];
    const child = execFile(python, words, {
      cwd: where,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, PYTHONPATH: site, PYTHONDONTWRITEBYTECODE: "1", ...env },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (output += text));
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { code, output, junit: () => readFileSync(junit, "utf8") };
  }
  const named = () => ({
    TREADLE_URL: treadle.url,
    TREADLE_API_KEY: treadle.apiKey,
    GITHUB_REF_NAME: "main",
    GITHUB_SHA: "abc",
  });

  describe("with a server", () => {
    let output: string;
    let junit: string;
    /** pytest's report of a failed test. */
    const toldOf = (name: string) =>
      new RegExp(`_ (?:ERROR at call of )?${name} _+\\n([\\s\\S]*?)\\n_{5,}|$`).exec(output)?.[1] ?? "";
    beforeAll(async () => {
      mkdirSync(join(folder, "cases"));
      writeFileSync(join(folder, "cases/test_cases.py"), PROGRAM);
      const ran = await runPytest(join(folder, "cases"), { env: named(), args: ["--strict-markers"] });
      [output, junit] = [ran.output, ran.junit()];
    }, LONG);

    test("what is good passes, and what is not fails with its table and its worst items", () => {
      const passed = [...output.matchAll(/^PASSED \S+::(\w+)$/gm)].map(([, name]) => name).sort();
      expect(passed).toEqual(["test_documents", "test_good", "test_open", "test_scores"]);
      expect(toldOf("test_low")).toMatch(/EvaluationFailed: low: BELOW THE FLOOR/);
      expect(toldOf("test_low")).toMatch(/exact-match +0\.5 \[0\.\d+, 0\.\d+\] +40 +0\.9 +– +– +below the floor/);
      expect(toldOf("test_low")).toMatch(
        /The worst items:\nE +item-\d+ +exact-match 0\nE +in +\{"at": \d+\}\nE +out +no\nE +expected +yes/,
      );
      expect(toldOf("test_worse")).toMatch(/worse: REGRESSION/);
    });

    test("what cannot be decided passes with how many more items would decide, and fails where a marker asks for that", () => {
      expect(output).toMatch(/open: INCONCLUSIVE, counts as passed\n[\s\S]*?About \d+ more items would decide it\./);
      expect(toldOf("TestMarked.test_strict")).toMatch(/test_cases\.py TestMarked test_strict: INCONCLUSIVE/);
    });

    test("missing answers are reported as an error, and an assertion in the program as a failure", () => {
      expect(output).toMatch(/^PROVIDER ERRORS \S+::test_away - treadle\.failures\.ProviderErrors/m);
      expect(toldOf("test_away")).toMatch(/no answer\n.*\nE +out +error RuntimeError: too many requests/);
      expect(output).toMatch(/^FAILED \S+::test_asserts - AssertionError: too far/m);
      expect(output).toMatch(/exact-match is 0, but must be at least 1\./);
      expect(toldOf("test_wrong_floor")).toMatch(/floor: "helpful" is not one of the scorers: exact-match/);
    });

    test("the evaluations are summed up at the end, and each is in the JUnit report", () => {
      expect(output).toMatch(/= treadle evaluations =+\n[\s\S]*good: PASS, exact-match 1 \[0\.\d+, 1\] of 40, run_\w+/);
      expect(junit).toMatch(
        /name="test_low"[^>]*><properties>[\s\S]*?name="treadle\.outcome" value="below-floor"[\s\S]*?name="treadle\.score\.exact-match" value="0\.5"/,
      );
    });

    test("the runs are on the server with branch, commit and tags, and the numbers are the server's", async () => {
      const { items } = await call("GET /api/v1/runs", { query: { suite: "open", branch: "main" } });
      expect(items).toMatchObject([
        { answers: 40, tags: ["marked"], gate: "pass", source: { commit: "abc" }, scores: [{ value: 0.8 }] },
      ]);
    });
  });

  test("without a server, the error explains how to start one", { timeout: LONG }, async () => {
    const { code, output } = await runPytest(join(root, "examples/pytest"), { args: ["-o", "treadle_local="] });
    expect(code).toBe(1);
    expect(output).toContain("There is no server to score on. Set TREADLE_URL");
  });

  test("the example passes on a separate server, without a network or a key", { timeout: 2 * LONG }, async () => {
    const command = `'${process.execPath}' '${join(root, "packages/cli/bin/treadle.mjs")}'`;
    const { code, output } = await runPytest(join(root, "examples/pytest"), { args: [`--treadle-local=${command}`] });
    expect([code, output]).toEqual([0, expect.stringMatching(/triage: PASS, exact-match 1 \[0\.7\d*, 1\] of 12/)]);
  });
});
