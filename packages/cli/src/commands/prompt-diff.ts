import type { Client } from "@treadle/sdk";
import type { Command } from "commander";
import pc from "picocolors";
import { connect, type ServerFlags, withServerFlags } from "../connect.ts";
import { compareLines } from "../prompts/compare-lines.ts";
import { contentOf } from "../prompts/prompt-content.ts";
import { writePromptFile } from "../prompts/prompt-file.ts";
import { type Found, readPromptFiles } from "../prompts/prompt-folder.ts";
import { shownPath } from "../prompts/prompt-path.ts";
import { getPrompt, getVersion, type Prompt } from "../prompts/prompt-server.ts";
import { reportFailure } from "../report-failure.ts";

type Flags = ServerFlags & { label: string; check?: boolean };
/** `version` is null where the server has none to compare with; then the whole file is new. */
type Result = { name: string; file: string; version: number | null; isSame: boolean; lines: readonly string[] };

export function addPromptDiff(group: Command) {
  withServerFlags(
    group
      .command("diff")
      .description("show what the files say and the server does not, from the server to the file")
      .argument("[places...]", "files, or folders of them (prompts)")
      .option("--label <label>", "which version to compare with: the one this label names", "latest")
      .option("--check", "end with 1 when anything differs, for a pipeline"),
  ).action((places: string[], flags: Flags) =>
    run(places, flags).catch((error: unknown) => reportFailure(error, flags)),
  );
}

async function run(places: string[], flags: Flags) {
  const files = readPromptFiles(places.length > 0 ? places : ["prompts"]);
  const { client } = connect(flags);
  const results: Result[] = [];
  for (const found of files) results.push(await compare(client, found, flags.label));
  const differing = results.filter(({ isSame }) => !isSame);
  if (flags.check && differing.length > 0) process.exitCode = 1;
  if (flags.json) return console.log(JSON.stringify({ items: results }));
  for (const result of differing) show(result);
  if (differing.length === 0) console.log(`${results.length} compared, all the same`);
}

async function compare(client: Client, { path, file }: Found, label: string): Promise<Result> {
  const { name } = file;
  const prompt = await getPrompt(client, name);
  const version = prompt && versionFor(prompt, label);
  const there = version === undefined ? undefined : await getVersion(client, name, version);
  const { description, tags } = prompt ?? file;
  // The number of a version says nothing of what it says.
  const before = there ? writePromptFile({ name, version: null, description, tags, content: contentOf(there) }) : "";
  const after = writePromptFile({ ...file, version: null });
  const lines = compareLines(before, after);
  return { name, file: shownPath(path), version: there?.version ?? null, isSame: lines.length === 0, lines };
}

const versionFor = ({ labels, latestVersion }: Prompt, label: string) =>
  label === "latest" ? latestVersion : labels.find((place) => place.label === label)?.version;

function show({ name, file, version, lines }: Result) {
  console.log(pc.bold(`--- ${name} ${version === null ? "(not on the server)" : `version ${version}`}`));
  console.log(pc.bold(`+++ ${file}`));
  for (const line of lines) console.log(painted(line));
}

function painted(line: string): string {
  if (line.startsWith("@@")) return pc.cyan(line);
  if (line.startsWith("+")) return pc.green(line);
  return line.startsWith("-") ? pc.red(line) : line;
}
