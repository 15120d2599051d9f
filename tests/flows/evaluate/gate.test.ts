import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { runTreadle } from "../../../packages/cli/src/testing/run-treadle.ts";
import { openWorld, type World } from "../../compat/world.ts";

const examples = join(import.meta.dirname, "../../../examples/ci");
const folder = mkdtempSync(join(tmpdir(), "treadle-gate-"));
let world: World;
beforeAll(async () => {
  world = await openWorld({ withLocalModel: false });
});
afterAll(async () => {
  await world?.close();
  rmSync(folder, { recursive: true, force: true });
});

const ITEMS = 80;
/** The provider echoes its input: an item's `head` is the answer of the change, and `base` the answer before it. */
const items = (right: (at: number) => boolean) =>
  Array.from({ length: ITEMS }, (_, at) => ({
    itemId: `item-${at}`,
    inputs: { base: `answer ${at}`, head: right(at) ? `answer ${at}` : "no idea" },
    expected: `You said: answer ${at}`,
  }));

type Made = {
  side: "base" | "head";
  right?: (at: number) => boolean;
  model?: string;
  gate?: object;
  suite?: string;
  more?: object;
};
function suite({
  side,
  right = () => true,
  model = "scripted/echo-1",
  gate = {},
  suite: named = "echoes",
  more = {},
}: Made): string {
  const path = join(folder, `${named}-${side}.yaml`);
  const variant = { name: "echo", model, messages: [{ role: "user", content: `{{${side}}}` }] };
  writeFileSync(
    path,
    stringify({ suite: named, items: items(right), variants: [variant], scorers: ["exact-match"], gate, ...more }),
  );
  return path;
}
const env = () => ({ TREADLE_URL: world.treadle.url, TREADLE_API_KEY: world.treadle.apiKey });
const gate = (...args: string[]) => runTreadle(["gate", ...args], { env: env() });

const LONG = 120_000;

describe("the gate", () => {
  test("an unchanged suite passes, and its run is the base of the next one on that branch", {
    timeout: LONG,
  }, async () => {
    const made = { side: "base", gate: { scorers: [{ scorer: "exact-match", floor: 0.9 }] } } as const;
    const first = await gate(suite({ ...made, suite: "first" }), "--branch", "main", "--json");
    expect(first.json()).toMatchObject({ outcome: "pass", base: null });
    expect(first.code).toBe(0);
    const second = await gate(suite({ ...made, suite: "first" }), "--branch", "change", "--commit", "abc123", "--json");
    expect(second.json()).toMatchObject({
      outcome: "pass",
      base: { source: { branch: "main" } },
      head: { source: { branch: "change", commit: "abc123" } },
    });
  });

  test("a suite whose file of items is not there is wrong use, and makes no dataset", { timeout: LONG }, async () => {
    const path = join(folder, "lost.yaml");
    const variant = { name: "echo", model: "scripted/echo-1", messages: [{ role: "user", content: "{{base}}" }] };
    writeFileSync(
      path,
      stringify({ suite: "lost", items: "lost.jsonl", variants: [variant], scorers: ["exact-match"] }),
    );
    const { code, stderr } = await gate(path);
    expect(stderr).toContain("lost.jsonl does not exist. `items` must name a file in the suite's folder.");
    expect(code).toBe(64);
    expect((await world.call("GET /api/v1/datasets", { query: { search: "lost" } })).items).toEqual([]);
  });

  test("a report is written in the format that its file's name asks for", { timeout: LONG }, async () => {
    const read = async (name: string) => {
      const file = join(folder, name);
      const { code, stderr } = await runTreadle(["eval", suite({ side: "base", suite: "report" }), "--report", file], {
        env: env(),
      });
      expect({ code, stderr }).toMatchObject({ code: 0 });
      return readFileSync(file, "utf8");
    };
    expect(await read("report.md")).toMatch(/^# /);
    expect(await read("report.html")).toMatch(/^<!doctype html>/i);
    expect((await read("report.csv")).split("\n").filter(Boolean)).toHaveLength(ITEMS + 1);
    expect(JSON.parse(await read("report.json"))).toBeTypeOf("object");
  });

  test("a worse prompt is a regression: exit 1, with the number, the test and the files that were asked for", {
    timeout: LONG,
  }, async () => {
    const [junit, markdown] = [join(folder, "gate.xml"), join(folder, "gate.md")];
    const against = suite({ side: "base" });
    const head = suite({ side: "head", right: (at) => at % 4 !== 0 });
    const { code, stdout } = await gate(head, "--against", against, "--junit", junit, "--markdown", markdown);
    expect(stdout).toMatch(/^REGRESSION: /);
    expect(stdout).toMatch(/exact-match +1\.00 +0\.750 +−0\.250 \[−0\.\d+, −0\.\d+\] +<0\.001 +worse +80/);
    expect(code).toBe(1);
    expect(readFileSync(junit, "utf8")).toContain('failures="1" errors="0"');
    expect(readFileSync(markdown, "utf8")).toContain("❌ REGRESSION");
  });

  test("one item of eighty decides nothing: exit 3, with how many more items would", { timeout: LONG }, async () => {
    const head = suite({ side: "head", right: (at) => at > 1, gate: { margin: 0.01 } });
    const { code, stdout } = await gate(head, "--against", suite({ side: "base" }));
    expect(stdout).toMatch(/^INCONCLUSIVE: /);
    expect(stdout).toMatch(/About [\d,]+ more items? would decide/);
    expect(code).toBe(3);
  });

  test("a score below its floor ends with 2, and answers that never came with 4", { timeout: LONG }, async () => {
    const floor = { scorers: [{ scorer: "exact-match", floor: 0.95 }] };
    const low = await gate(suite({ side: "head", right: (at) => at % 2 === 0, gate: floor, suite: "low" }));
    expect([low.code, low.stdout.split(":")[0]]).toEqual([2, "BELOW THE FLOOR"]);
    const away = await gate(
      suite({ side: "head", model: "scripted/error-500", suite: "away", more: { maxOutageSeconds: 1 } }),
    );
    expect([away.code, away.stdout.split(":")[0]]).toEqual([4, "PROVIDER ERRORS"]);
    expect(away.stderr).toContain('The provider of "scripted/error-500" was unavailable for 1 s');
  });

  test("wrong use ends with 64 and asks nothing", { timeout: LONG }, async () => {
    const asked = world.provider.seen.length;
    for (const args of [
      ["nowhere.yaml"],
      ["--bogus"],
      [],
      ["--head", "run_none"],
      [suite({ side: "base" }), "--base", "a", "--against", "b"],
    ])
      expect([args, (await gate(...args)).code]).toEqual([args, 64]);
    expect(world.provider.seen.length).toBe(asked);
  });
});

test("bisect names the change that made a score fall", { timeout: LONG }, async () => {
  const runOf = async (name: string, variant: object) => {
    const path = join(folder, `${name}.yaml`);
    const variants = [{ name, model: "scripted/echo-1", ...variant }];
    writeFileSync(
      path,
      stringify({ suite: "search", items: items((at) => at % 3 > 0), variants, scorers: ["exact-match"] }),
    );
    const { stdout, stderr } = await runTreadle(["eval", path, "--json"], { env: env() });
    expect(stderr).toBe("");
    return JSON.parse(stdout).runs[0].runId;
  };
  const good = await runOf("good", {
    messages: [{ role: "user", content: "{{base}}" }],
    parameters: { temperature: 0, seed: 1 },
  });
  const bad = await runOf("bad", {
    messages: [{ role: "user", content: "{{head}}" }],
    parameters: { temperature: 1, seed: 2 },
  });
  const { code, stdout, stderr } = await runTreadle(["bisect", good, bad], { env: env() });
  expect(stdout).toMatch(/^FOUND: the messages, 100 % of the fall\./);
  expect(stdout).toMatch(/→ +1 +messages +the messages/);
  expect(stdout).toMatch(/−0\.338 \[−0\.\d+, −0\.\d+\], p <0\.001 \(mcnemar-exact, 80 items\)/);
  expect([code, stderr]).toEqual([0, expect.stringContaining("3 changes between the two runs")]);
  expect((await runTreadle(["bisect", good, good], { env: env() })).code).toBe(64);
});

test("a suite of promptfoo runs as it is", { timeout: LONG }, async () => {
  const path = join(folder, "promptfooconfig.yaml");
  const tests = [
    {
      vars: { word: "lorem" },
      assert: [
        { type: "contains", value: "lorem" },
        { type: "not-icontains", value: "sorry" },
      ],
    },
    { vars: { word: "ipsum" }, assert: [{ type: "equals", value: "dolor" }] },
  ];
  writeFileSync(path, stringify({ prompts: ["{{word}}"], providers: ["treadle:scripted/echo-1"], tests }));
  const { code, stdout, stderr } = await runTreadle(["eval", path, "--json"], { env: env() });
  expect([code, stderr]).toEqual([0, ""]);
  const [run] = JSON.parse(stdout).runs;
  expect(run.scores).toMatchObject([{ scorer: "checks", value: 0.5, items: 2, undefined: 0, failed: 0 }]);
});

test("without a server, one is started for the command, and its folder stores the runs", {
  timeout: 4 * LONG,
}, async () => {
  const data = join(folder, "data");
  const connections = [
    { slug: "own", preset: "vllm", baseUrl: world.provider.baseUrl, keyFrom: "OWN_KEY", models: ["echo-1"] },
  ];
  const path = join(folder, "local.yaml");
  const variants = [{ name: "echo", model: "own/echo-1", messages: [{ role: "user", content: "{{base}}" }] }];
  writeFileSync(
    path,
    stringify({ suite: "local", items: items(() => true), variants, connections, scorers: ["exact-match"] }),
  );
  const run = (more: Record<string, string>) =>
    runTreadle(["gate", path, "--local", data, "--branch", "main", "--json"], {
      env: { TREADLE_OUTBOUND_ALLOW: "127.0.0.1", ...more },
    });
  const keyless = await run({});
  expect([keyless.code, keyless.stderr]).toEqual([4, expect.stringContaining("OWN_KEY, which is not set")]);
  const first = await run({ OWN_KEY: "sk-own" });
  expect([first.code, first.json()]).toEqual([0, expect.objectContaining({ outcome: "pass", base: null })]);
  const second = await run({ OWN_KEY: "sk-own" });
  expect([second.code, second.stderr]).toEqual([0, ""]);
  expect(second.json().base).toMatchObject({ runId: first.json().head.runId });
});

/** Runs a step of a pipeline in a new shell and a separate folder. Returns its exit code. */
async function step(script: string, given: Record<string, string>): Promise<number> {
  const options = { cwd: folder, env: { PATH: process.env.PATH, HOME: process.env.HOME, ...given } };
  const child = execFile("bash", ["-eo", "pipefail", "-c", script], options);
  return new Promise((resolve) => child.once("close", (code) => resolve(code ?? -1)));
}

describe("the templates for pipelines", () => {
  type Step = { name: string; run: string; env?: Record<string, string> };

  test("the action of GitHub gates, writes its summary, and ends with the gate's exit code", {
    timeout: LONG,
  }, async () => {
    const { runs } = parse(readFileSync(join(examples, "action.yml"), "utf8")) as { runs: { steps: Step[] } };
    const byName = (name: string) => runs.steps.find((step) => step.name === name)?.run ?? "";
    const [output, summary] = [join(folder, "output"), join(folder, "summary")];
    const given = {
      ...env(),
      SUITE: suite({
        side: "head",
        right: () => false,
        gate: { scorers: [{ scorer: "exact-match", floor: 0.5 }] },
        suite: "action",
      }),
      BASE_BRANCH: "main",
      DATA: "data",
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_ACTION_PATH: examples,
    };
    expect(await step(byName("Gate"), given)).toBe(0);
    expect(readFileSync(output, "utf8")).toBe("exit-code=2\n");
    expect(readFileSync(summary, "utf8")).toContain("BELOW THE FLOOR: action");
    expect(await step(byName("Decision"), { CODE: "2" })).toBe(2);
  });

  test("the template of GitLab gates and leaves a report of tests", { timeout: LONG }, async () => {
    const { ".treadle-gate": job } = parse(readFileSync(join(examples, "gitlab.yml"), "utf8")) as Record<
      string,
      { script: string[]; artifacts: { reports: { junit: string } } }
    >;
    const given = {
      ...env(),
      TREADLE_SUITE: suite({
        side: "base",
        suite: "gitlab",
        gate: { scorers: [{ scorer: "exact-match", floor: 0.5 }] },
      }),
      TREADLE_HOME: join(import.meta.dirname, "../../.."),
      CI_DEFAULT_BRANCH: "main",
      CI_COMMIT_REF_NAME: "main",
    };
    expect(await step(job?.script.join("\n") ?? "", given)).toBe(0);
    expect(readFileSync(join(folder, job?.artifacts.reports.junit ?? ""), "utf8")).toContain(
      '<testsuite name="gitlab"',
    );
  });

  test("the comment goes over the one of the same suite, and is new where there is none", {
    timeout: LONG,
  }, async () => {
    const bin = mkdtempSync(join(folder, "bin-"));
    const script = '#!/bin/bash\necho "$*" >> "$CALLS"\ncase "$*" in *--jq*) echo "$KNOWN";; esac\n';
    writeFileSync(join(bin, "gh"), script, { mode: 0o755 });
    writeFileSync(join(bin, "jq"), "#!/bin/bash\nprintf '\"mark\"'\n", { mode: 0o755 });
    writeFileSync(join(folder, "c.md"), "<!-- treadle-gate: x -->\nbody");
    const call = async (known: string) => {
      const calls = join(bin, `calls-${known}`);
      await step(`PATH="${bin}:$PATH" bash "${join(examples, "comment.sh")}" c.md`, {
        COMMENTS: "repos/o/n/issues/7/comments",
        CALLS: calls,
        KNOWN: known,
      });
      return readFileSync(calls, "utf8");
    };
    expect(await call("42")).toContain("--method PATCH repos/o/n/issues/comments/42 -F body=@c.md");
    expect(await call("")).toContain("--method POST repos/o/n/issues/7/comments -F body=@c.md");
  });
});
