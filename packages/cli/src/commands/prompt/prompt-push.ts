import type { Client } from "@treadle/sdk";
import type { Command } from "commander";
import { contentOf, includesOf, isSame } from "../../prompts/prompt-content.ts";
import { withVersion } from "../../prompts/prompt-file.ts";
import { type Found, readPromptFiles, writeWhole } from "../../prompts/prompt-folder.ts";
import { shownPath } from "../../prompts/prompt-path.ts";
import { getPrompt, getVersion, type Prompt } from "../../prompts/prompt-server.ts";
import { connect, type ServerFlags, withServerFlags } from "../../shared/connect.ts";
import { reportFailure } from "../../shared/report-failure.ts";

type Flags = ServerFlags & { message?: string; label?: string[]; force?: boolean; dryRun?: boolean };
/** `behind`: another version was created since the file was pulled, and the file was not pushed. */
type Result = {
  name: string;
  file: string;
  status: "created" | "saved" | "same" | "behind";
  /** The version that says this now; the newest one for a file that is behind. */
  version: number;
};

export function addPromptPush(group: Command) {
  withServerFlags(
    group
      .command("push")
      .description("create a new version of each prompt whose file differs from the newest version")
      .argument("[places...]", "files or folders (default: prompts)")
      .option("-m, --message <text>", "what changed and why")
      .option("--label <label...>", "labels to move to the pushed versions")
      .option("--force", "push even if the server has a newer version than the file")
      .option("--dry-run", "show what would be pushed, and push nothing"),
  ).action((places: string[], flags: Flags) =>
    run(places, flags).catch((error: unknown) => reportFailure(error, flags)),
  );
}

async function run(places: string[], flags: Flags) {
  const files = inOrder(readPromptFiles(places.length > 0 ? places : ["prompts"]));
  const { client } = connect(flags);
  const results: Result[] = [];
  try {
    for (const found of files) results.push(await push(client, found, flags));
  } finally {
    // What was pushed before a failure is pushed.
    if (!flags.json || results.length === files.length) show(results, flags);
  }
  if (results.some(({ status }) => status === "behind")) process.exitCode = 1;
}

/** Prompts that others include come first, since the server refuses to include what is not there. */
function inOrder(files: readonly Found[]): readonly Found[] {
  const byName = new Map(files.map((found) => [found.file.name, found]));
  const ordered = new Set<Found>();
  const handled = new Set<Found>();
  function add(found: Found) {
    if (handled.has(found)) return;
    handled.add(found);
    for (const name of includesOf(found.file.content)) {
      const included = byName.get(name);
      if (included) add(included);
    }
    ordered.add(found);
  }
  for (const found of files) add(found);
  return [...ordered];
}

async function push(client: Client, found: Found, flags: Flags): Promise<Result> {
  const { name } = found.file;
  try {
    const prompt = await getPrompt(client, name);
    return prompt ? await pushVersion(client, { found, prompt, flags }) : await create(client, found, flags);
  } catch (error) {
    // With many files, the error must name the rejected file.
    if (error instanceof Error) error.message = `${shownPath(found.path)}: ${error.message}`;
    throw error;
  }
}

async function create(client: Client, { path, text, file }: Found, flags: Flags): Promise<Result> {
  const { name, description, tags, content } = file;
  const body = { ...content, name, description, tags: [...tags], ...commitOf(flags) };
  if (!flags.dryRun) {
    const made = await client.call("POST /api/v1/prompts", { body });
    noteVersion({ path, text }, made.latestVersion);
  }
  return { name, file: shownPath(path), status: "created", version: 1 };
}

const commitOf = ({ message = "", label = [] }: Flags) => ({ message, labels: label });

type Push = { found: Found; prompt: Prompt; flags: Flags };

async function pushVersion(client: Client, { found, prompt, flags }: Push): Promise<Result> {
  const { path, text, file } = found;
  const { name, latestVersion } = prompt;
  const result = { name, file: shownPath(path), version: latestVersion };
  const newest = await getVersion(client, name, latestVersion);
  const isUnchanged = newest !== undefined && isSame(file.content, contentOf(newest));
  if (!isUnchanged && file.version !== latestVersion && !flags.force) return { ...result, status: "behind" };
  if (flags.dryRun)
    return isUnchanged ? { ...result, status: "same" } : { ...result, status: "saved", version: latestVersion + 1 };
  await describe(client, { found, prompt });
  const lacksLabel = commitOf(flags).labels.some(
    (label) => !prompt.labels.some((place) => place.label === label && place.version === latestVersion),
  );
  if (isUnchanged && !lacksLabel) {
    noteVersion({ path, text }, latestVersion);
    return { ...result, status: "same" };
  }
  // A text that the newest version says already makes none; its labels move all the same.
  const saved = await client.call("POST /api/v1/prompts/:name/versions", {
    params: { name },
    body: { ...file.content, ...commitOf(flags), expectedLatest: latestVersion },
  });
  noteVersion({ path, text }, saved.version);
  return { ...result, status: saved.isNew ? "saved" : "same", version: saved.version };
}

/** Description and tags belong to the prompt, and make no version. */
async function describe(client: Client, { found: { file }, prompt }: Omit<Push, "flags">) {
  const { name, description, tags } = file;
  if (description === prompt.description && tags.join("\n") === prompt.tags.join("\n")) return;
  await client.call("PATCH /api/v1/prompts/:name", { params: { name }, body: { description, tags: [...tags] } });
}

function noteVersion({ path, text }: Pick<Found, "path" | "text">, version: number) {
  const noted = withVersion(text, version);
  if (noted !== text) writeWhole(path, noted);
}

function show(results: readonly Result[], { json, dryRun }: Flags) {
  if (json) return console.log(JSON.stringify({ items: results, isDryRun: dryRun ?? false }));
  const would = dryRun ? "would be " : "";
  for (const { name, file, status, version } of results) {
    if (status === "created") console.log(`${name}  ${would}created`);
    if (status === "saved") console.log(`${name}  ${would}version ${version}`);
    if (status === "behind")
      process.stderr.write(
        `treadle: ${file} is behind: the server has version ${version}. Compare them with \`treadle prompt diff ${file}\`, then pull, or push with --force.\n`,
      );
  }
  const count = (...wanted: Result["status"][]) => results.filter(({ status }) => wanted.includes(status)).length;
  const behind = count("behind");
  console.log(
    `${count("created", "saved")} ${dryRun ? "to push" : "pushed"}, ${count("same")} the same${behind > 0 ? `, ${behind} behind` : ""}`,
  );
}
