import type { Client } from "@treadle/sdk";
import type { Command } from "commander";
import { connect, type ServerFlags, withServerFlags } from "../connect.ts";
import { contentOf, isSame } from "../prompts/prompt-content.ts";
import { type PromptFile, readPromptFile, writePromptFile } from "../prompts/prompt-file.ts";
import { readIfThere, refuseClashes, writeWhole } from "../prompts/prompt-folder.ts";
import { pathOf, shownPath } from "../prompts/prompt-path.ts";
import { getVersion, listPrompts, type Prompt } from "../prompts/prompt-server.ts";
import { reportFailure } from "../report-failure.ts";

type Flags = ServerFlags & { dir: string; label: string; force?: boolean; dryRun?: boolean };
/** `kept`: the file has changes that were not pushed, and was left as it is. */
type Result = { name: string; file: string; version: number; status: "written" | "same" | "kept" };

export function addPromptPull(group: Command) {
  withServerFlags(
    group
      .command("pull")
      .description("write the prompts of the server into files, one for each")
      .argument("[names...]", "names of prompts, or folders with a slash behind them (all)")
      .option("--dir <folder>", "where the files are", "prompts")
      .option("--label <label>", "which version: the one this label names", "latest")
      .option("--force", "also over files with changes that were not pushed")
      .option("--dry-run", "only say what would be written"),
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
  if (!written) throw new Error(`Version ${version} of ${name} went away while it was pulled. Pull again.`);
  const file = { name, version, description, tags, content: contentOf(written) };
  const status = await statusOf(client, file, { path, isForced: flags.force ?? false });
  if (status === "written" && !flags.dryRun) writeWhole(path, writePromptFile(file));
  return { name, file: shownPath(path), version, status };
}

/** What becomes of the file that is there. One that says the same stays as it is, with its comments. */
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
  const kept = results.filter(({ status }) => status === "kept");
  for (const { file, version } of written) console.log(`${file}  ${dryRun ? "would be " : ""}version ${version}`);
  for (const { file } of kept)
    process.stderr.write(
      `treadle: ${file} has changes that were not pushed, and is left as it is (--force overwrites it)\n`,
    );
  const same = results.length - written.length - kept.length;
  if (results.length === 0) console.log(`No prompt has the label ${label}; nothing is written into ${dir}.`);
  else
    console.log(
      `${written.length} ${dryRun ? "to write" : "written"}, ${same} the same${kept.length > 0 ? `, ${kept.length} kept` : ""}`,
    );
}
