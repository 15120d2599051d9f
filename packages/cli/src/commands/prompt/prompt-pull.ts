import type { Client } from "@treadle/sdk";
import type { Command } from "commander";
import { contentOf, isSame } from "../../prompts/prompt-content.ts";
import { type PromptFile, readPromptFile, writePromptFile } from "../../prompts/prompt-file.ts";
import { readIfThere, refuseClashes, writeWhole } from "../../prompts/prompt-folder.ts";
import { pathOf, shownPath } from "../../prompts/prompt-path.ts";
import { getVersion, listPrompts, type Prompt } from "../../prompts/prompt-server.ts";
import { connect, type ServerFlags, withServerFlags } from "../../shared/connect.ts";
import { reportFailure } from "../../shared/report-failure.ts";

type Flags = ServerFlags & { dir: string; label: string; force?: boolean; dryRun?: boolean };
/** `kept`: the file has changes that were not pushed, and was left as it is. */
type Result = { name: string; file: string; version: number; status: "written" | "same" | "kept" };

export function addPromptPull(group: Command) {
  withServerFlags(
    group
      .command("pull")
      .description("write the server's prompts to files, one file per prompt")
      .argument("[names...]", "names of prompts, or folders with a slash at the end (default: all)")
      .option("--dir <folder>", "the folder of the files", "prompts")
      .option("--label <label>", "the label of the versions to pull", "latest")
      .option("--force", "overwrite files with unpushed changes")
      .option("--dry-run", "show what would be written, and write nothing"),
  ).action((names: string[], flags: Flags) => run(names, flags).catch((error: unknown) => reportFailure(error, flags)));
}

async function run(names: string[], flags: Flags) {
  const { client } = connect(flags);
  const prompts = (await listPrompts(client, names)).flatMap((prompt) => {
    const version = versionFor(prompt, flags.label);
    return version === undefined ? [] : [{ prompt, version }];
  });
  refuseClashes(new Map(prompts.map(({ prompt: { name } }) => [name, pathOf(flags.dir, name)])));
  const results: Result[] = [];
  for (const { prompt, version } of prompts) results.push(await pull(client, { prompt, version, flags }));
  if (results.some(({ status }) => status === "kept")) process.exitCode = 1;
  if (flags.json) return console.log(JSON.stringify({ items: results, isDryRun: flags.dryRun ?? false }));
  show(results, flags);
}

const versionFor = ({ labels, latestVersion }: Prompt, label: string) =>
  label === "latest" ? latestVersion : labels.find((place) => place.label === label)?.version;

type Pull = { prompt: Prompt; version: number; flags: Flags };

async function pull(client: Client, { prompt, version, flags }: Pull): Promise<Result> {
  const { name, description, tags } = prompt;
  const path = pathOf(flags.dir, name);
  const written = await getVersion(client, name, version);
  if (!written) throw new Error(`Version ${version} of ${name} was deleted during the pull. Pull again.`);
  const file = { name, version, description, tags, content: contentOf(written) };
  const status = await statusOf(client, file, { path, isForced: flags.force ?? false });
  if (status === "written" && !flags.dryRun) writeWhole(path, writePromptFile(file));
  return { name, file: shownPath(path), version, status };
}

/** What to do with an existing file. A file with the same content stays unchanged, with its comments. */
async function statusOf(
  client: Client,
  wanted: PromptFile,
  { path, isForced }: { path: string; isForced: boolean },
): Promise<Result["status"]> {
  const before = readIfThere(path);
  if (before === undefined || (isForced && before !== writePromptFile(wanted))) return "written";
  const here = readPromptFile(before, shownPath(path));
  if (here.name !== wanted.name) return "kept";
  if (isSame(here.content, wanted.content)) return isSameAbout(here, wanted) ? "same" : "written";
  // What the server has as the version that the file came from was not changed here.
  const origin = here.version === null ? undefined : await getVersion(client, wanted.name, here.version);
  return origin && isSame(here.content, contentOf(origin)) ? "written" : "kept";
}

const isSameAbout = (a: PromptFile, b: PromptFile) =>
  a.version === b.version && a.description === b.description && a.tags.join("\n") === b.tags.join("\n");

function show(results: readonly Result[], { dryRun, dir, label }: Flags) {
  const written = results.filter(({ status }) => status === "written");
  const keptFiles = results.filter(({ status }) => status === "kept");
  for (const { file, version } of written) console.log(`${file}  ${dryRun ? "would be " : ""}version ${version}`);
  for (const { file } of keptFiles)
    process.stderr.write(`treadle: ${file} has unpushed changes and was not overwritten (--force overwrites it)\n`);
  const same = results.length - written.length - keptFiles.length;
  if (results.length === 0) console.log(`No prompt has the label ${label}. Nothing was written to ${dir}.`);
  else
    console.log(
      `${written.length} ${dryRun ? "to write" : "written"}, ${same} the same${keptFiles.length > 0 ? `, ${keptFiles.length} kept` : ""}`,
    );
}
