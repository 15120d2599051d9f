import { expect, test } from "vitest";
import { HAND_WRITTEN } from "./commands/hand-written.ts";
import { findWords } from "./find-words.ts";
import { readManifest } from "./operations/manifest.ts";
import { runInProcess } from "./testing/run-in-process.ts";

const manifest = readManifest();

test("the help names every command, and every noun by area", async () => {
  const { code, stdout } = await runInProcess(["--help"]);
  expect(code).toBe(0);
  for (const { name, isHidden } of HAND_WRITTEN) if (!isHidden) expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
  const words = new Set(stdout.split(/[\s,]+/));
  expect(manifest.filter(({ noun }) => !words.has(noun))).toEqual([]);
});

test.each(HAND_WRITTEN.map(({ name }) => name))("%s explains itself", async (name) => {
  const { code, stdout } = await runInProcess([name, "--help"]);
  expect(code).toBe(0);
  expect(stdout).toContain(`Usage: treadle ${name}`);
  expect(stdout).toContain(HAND_WRITTEN.find((entry) => entry.name === name)?.description.slice(0, 30));
});

test("`help` before a command is its help, and a noun without a verb lists its verbs", async () => {
  const { stdout } = await runInProcess(["help", "dataset", "stats"]);
  expect(stdout).toContain("Usage: treadle dataset stats");
  const noun = await runInProcess(["dataset-tag"]);
  expect(noun.code).toBe(64);
  expect(noun.stderr).toMatch(/update\|tag .*<tag>/);
});

test("the exit codes are one table", async () => {
  const { code, stdout } = await runInProcess(["help", "exit-codes"]);
  expect(code).toBe(0);
  expect(stdout.match(/^ +\d+ /gm)?.map(Number)).toEqual([0, 1, 2, 3, 4, 64, 130]);
});

test.each([
  [["fly"], "unknown command 'fly'"],
  [["datset"], "Did you mean dataset?"],
  [["dataset", "fly"], "unknown command 'fly'"],
  [["dataset", "get"], "missing required argument 'dataset-id'"],
  [["dataset", "get", "a", "b"], "too many arguments"],
  [["dataset", "list", "--fly"], "unknown option '--fly'"],
  [["dataset", "list", "--limit", "many"], "Use a whole number."],
  [["dataset", "list", "--limit", "0"], "The lowest value is 1."],
  [["dataset", "list", "--json", "--csv"], "cannot be used with option"],
  [["experiment", "create"], "Missing --name VALUE"],
  [["dataset-draft", "commit", "ds_1", "--body", "[1]", "--message", "x"], "--body is not an object"],
  [["dataset-draft", "commit", "ds_1", "--body", "{"], "--body: the value is not valid JSON"],
  [["dataset-draft", "commit", "ds_1", "--body", "@/nonexistent.json"], "--body: /nonexistent.json cannot be read"],
  [["queue", "update", "queue_1", "--clear", "name"], "--clear name: this field cannot be null"],
  [["dataset", "list", "--header", "broken"], 'write it as "name: value"'],
  [["run", "compare", "--base", "run_1"], "Missing --heads VALUE"],
  [["dataset-file-part", "update", "dsf_1", "0"], "--file"],
  [["dataset", "list", "--profile", "nowhere"], 'There is no profile "nowhere"'],
  [["completion", "tcsh"], "Allowed choices are bash, zsh, fish"],
  [["api", "FETCH", "/api/v1/datasets"], '"FETCH" is not a method'],
  [["api", "GET", "//127.0.0.2/"], "is not a path"],
  [["open", "nothing"], '"nothing" has no page'],
])("wrong use ends with 64: %j", async (argv, words) => {
  const { code, stderr } = await runInProcess(argv);
  expect(stderr).toContain(words);
  expect(code).toBe(64);
});

test("a server that is away ends with 4 and says how to start one, as JSON too", async () => {
  const url = "http://127.0.0.1:9";
  const { code, stderr } = await runInProcess(["dataset", "list", "--url", url]);
  expect([code, stderr]).toEqual([4, expect.stringContaining("treadle serve")]);
  const json = await runInProcess(["dataset", "list", "--url", url, "--json"]);
  expect(json.code).toBe(4);
  expect(JSON.parse(json.stderr)).toMatchObject({ error: { code: "network", advice: expect.stringContaining(url) } });
});

test.each([
  ["datasets", "dataset list"],
  ["datasets --limit 5", "dataset list --limit 5"],
  ["datasets get ds_1", "dataset get ds_1"],
  ["datasets import a.csv", "dataset import a.csv"],
  ["dataset-items ds_1", "dataset-item list ds_1"],
  ["dataset-branches ds_1", "dataset-branch list ds_1"],
  ["jobs list", "job list"],
  ["runs", "runs"],
  ["runs --limit 5", "runs --limit 5"],
  ["runs get run_1", "run get run_1"],
  ["audit-entries", "audit-entry list"],
  ["dataset list", "dataset list"],
  ["nothing", "nothing"],
])("a plural lists: %s is %s", (line, words) => {
  expect(findWords(line.split(" "), manifest)).toEqual(words.split(" "));
});
