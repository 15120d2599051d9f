import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runInProcess } from "../testing/run-in-process.ts";

const complete = async (...words: string[]) =>
  (await runInProcess(["complete", "--", ...words])).stdout
    .trim()
    .split("\n")
    .map((line) => line.split("\t")[0]);

test("the first word is a command or a noun", async () => {
  expect(await complete("dataset-v")).toEqual(["dataset-version"]);
  expect(await complete("")).toEqual(expect.arrayContaining(["serve", "login", "dataset", "audit-entry"]));
  expect(await complete("")).not.toContain("complete");
});

test("the second word is a verb, of the generated ones and those written by hand", async () => {
  expect(await complete("dataset", "")).toEqual(expect.arrayContaining(["import", "create", "get", "stats"]));
  expect(await complete("dataset", "st")).toEqual(["stats"]);
});

test("completions include the flags of the command, and the values of flags with fixed choices", async () => {
  expect(await complete("dataset", "list", "--lim")).toEqual(["--limit"]);
  expect(await complete("run", "export", "run_1", "--format", "")).toEqual(expect.arrayContaining(["markdown", "csv"]));
  expect(await complete("run", "export", "run_1", "--format", "mark")).toEqual(["markdown"]);
});

test("nothing fits what does not exist", async () => {
  expect(await complete("zzz")).toEqual([""]);
  expect(await complete("zzz", "")).toEqual([""]);
});

test("each candidate comes with what it means", async () => {
  const { stdout } = await runInProcess(["complete", "--", "logi"]);
  expect(stdout).toBe("login\tstore a server, a key and a project as a profile\n");
});

test.each(["bash", "zsh", "fish"])("the script for %s asks the program itself", async (shell) => {
  const { code, stdout } = await runInProcess(["completion", shell]);
  expect([code, stdout]).toEqual([0, expect.stringContaining("treadle complete -- ")]);
});

test("bash completes with the script", async () => {
  const folder = mkdtempSync(join(tmpdir(), "treadle-completion-"));
  const binary = fileURLToPath(new URL("../../bin/treadle.mjs", import.meta.url));
  const program = join(folder, "treadle");
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${binary}" "$@"\n`);
  chmodSync(program, 0o755);
  const { stdout: script } = await runInProcess(["completion", "bash"]);
  writeFileSync(join(folder, "completion.bash"), script);
  const lines = [
    `source ${join(folder, "completion.bash")}`,
    `COMP_WORDS=(treadle dataset li); COMP_CWORD=2; _treadle; echo "\${COMPREPLY[*]}"`,
    `COMP_WORDS=(treadle dataset-item list ds_1 --li); COMP_CWORD=4; _treadle; echo "\${COMPREPLY[*]}"`,
  ];
  const env = { PATH: `${folder}:${process.env.PATH}`, HOME: folder, XDG_CONFIG_HOME: folder };
  const output = execFileSync("bash", ["--norc", "-c", lines.join("\n")], { env, encoding: "utf8" });
  rmSync(folder, { recursive: true });
  expect(output).toBe("list\n--limit\n");
});
