import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

/** The trainer's own tests are written for pytest. Each counts here as one test. */
const python = process.env.TREADLE_TRAINER_PYTHON ?? "";
const PACKAGE = join(import.meta.dirname, "../../packages/trainer");
const PATIENCE_MS = 20 * 60_000;

const Told = z.object({
  id: z.string(),
  outcome: z.enum(["passed", "failed", "skipped"]).optional(),
  text: z.string().default(""),
});

/** Runs pytest. Returns the outcome of each test, and the whole output. */
async function runPytest(...words: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), "treadle-pytest-"));
  const outcomes = join(folder, "outcomes.jsonl");
  const env = { ...process.env, PYTHONPATH: import.meta.dirname, TREADLE_OUTCOMES: outcomes };
  const command = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "tell_outcomes", ...words];
  const printed = await new Promise<string>((resolve) => {
    const options = { cwd: PACKAGE, env, timeout: PATIENCE_MS, maxBuffer: 64 * 1024 * 1024 };
    execFile(python, [...command, `--basetemp=${join(folder, "tmp")}`], options, (error, stdout, stderr) =>
      resolve(`${stdout}\n${stderr}\n${error === null ? "" : `pytest ended with ${error.code ?? error.signal}`}`),
    );
  });
  const lines = await readFile(outcomes, "utf8").catch(() => "");
  await rm(folder, { recursive: true, force: true });
  const told = lines.split("\n").flatMap((line) => (line === "" ? [] : [Told.parse(JSON.parse(line))]));
  return { told, printed };
}

const { told: known, printed: found } = await runPytest("--collect-only");
if (known.length === 0) throw new Error(`pytest found no test:\n${found}`);
const fileOf = (id: string) => id.slice(0, id.indexOf("::"));
const nameOf = (id: string) => id.slice(id.indexOf("::") + 2);

let run: Awaited<ReturnType<typeof runPytest>>;
beforeAll(async () => {
  run = await runPytest();
}, PATIENCE_MS);

describe.each([...new Set(known.map(({ id }) => fileOf(id)))])("%s", (file) => {
  const ids = known.map(({ id }) => id).filter((id) => fileOf(id) === file);
  test.for(ids.map((id) => [nameOf(id), id] as const))("%s", ([, id], context) => {
    const outcomes = run.told.filter((one) => one.id === id && one.outcome !== undefined);
    const bad = outcomes.find(({ outcome }) => outcome === "failed");
    if (bad) expect.fail(bad.text);
    if (outcomes.some(({ outcome }) => outcome === "skipped")) context.skip();
    if (outcomes.length === 0) expect.fail(`pytest did not run it:\n${run.printed.slice(-20_000)}`);
  });
});
