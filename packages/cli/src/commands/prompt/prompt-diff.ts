import type { Client } from "@treadle/sdk";
import type { Command } from "commander";
import pc from "picocolors";
import { compareLines } from "../../prompts/compare-lines.ts";
import { contentOf } from "../../prompts/prompt-content.ts";
import { writePromptFile } from "../../prompts/prompt-file.ts";
import { type Found, readPromptFiles } from "../../prompts/prompt-folder.ts";
import { shownPath } from "../../prompts/prompt-path.ts";
import { getPrompt, getVersion, type Prompt } from "../../prompts/prompt-server.ts";
import { connect, type ServerFlags, withServerFlags } from "../../shared/connect.ts";
import { reportFailure } from "../../shared/report-failure.ts";

type Flags = ServerFlags & { label: string; check?: boolean };
type Result = {
  name: string;
  file: string;
  /** Null if there is no version to compare with. Then the whole file is new, and `reason` says why. */
  version: number | null;
  reason: string | null;
  isSame: boolean;
  lines: readonly string[];
};

export function addPromptDiff(group: Command) {
  withServerFlags(
    group
      .command("diff")
      .description("show the differences between prompt files and the server")
      .argument("[places...]", "files or folders (default: prompts)")
      .option("--label <label>", "the label of the versions to compare with", "latest")
      .option("--check", "exit with 1 if anything differs, for CI"),
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
  const reason = there ? null : prompt ? missingLabel(prompt, label) : "not on the server";
  return { name, file: shownPath(path), version: there?.version ?? null, reason, isSame: lines.length === 0, lines };
}

const missingLabel = ({ labels }: Prompt, label: string) =>
  `no version has the label "${label}"; labels: ${["latest", ...labels.map((place) => place.label)].join(", ")}`;

const versionFor = ({ labels, latestVersion }: Prompt, label: string) =>
  label === "latest" ? latestVersion : labels.find((place) => place.label === label)?.version;

function show({ name, file, version, reason, lines }: Result) {
  console.log(pc.bold(`--- ${name} ${reason === null ? `version ${version}` : `(${reason})`}`));
  console.log(pc.bold(`+++ ${file}`));
  for (const line of lines) console.log(painted(line));
}

function painted(line: string): string {
  if (line.startsWith("@@")) return pc.cyan(line);
  if (line.startsWith("+")) return pc.green(line);
  return line.startsWith("-") ? pc.red(line) : line;
}
