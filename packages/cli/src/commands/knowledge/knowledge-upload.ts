import { type Command, InvalidArgumentError } from "commander";
import { connect, type ServerFlags, withServerFlags } from "../../shared/connect.ts";
import { EXIT } from "../../shared/exit-codes.ts";
import { reportFailure } from "../../shared/report-failure.ts";
import { type Base, findBase } from "./find-base.ts";
import { findFiles } from "./find-files.ts";
import { type Uploads, uploadFiles } from "./upload-files.ts";
import { listProblems, waitForIndex } from "./wait-until-indexed.ts";

type Flags = ServerFlags & {
  readonly concurrency: number;
  readonly principals?: string;
  readonly wait?: boolean;
};
type Problem = { readonly name: string; readonly error: string };
type Summary = Uploads & { readonly ignored: number; readonly problems: readonly Problem[] };

const MOST_AT_ONCE = 16;

/** Adds `upload` to the commands of knowledge bases. */
export function addKnowledgeUpload(knowledge: Command) {
  withServerFlags(
    knowledge
      .command("upload")
      .description("upload files and folders to a knowledge base; files with the same content are skipped")
      .argument("<base>", "the name or id of the knowledge base")
      .argument("<paths...>", "files, and folders with their subfolders")
      .option("--principals <names>", "who may find the documents, separated by commas (default: public)")
      .option("--concurrency <number>", `files uploaded at the same time, at most ${MOST_AT_ONCE}`, readConcurrency, 4)
      .option("--wait", "wait until the documents are indexed"),
  )
    .addHelpText(
      "after",
      "\nA file in a folder is named by its path in it. Hidden files, links, images and archives in folders are left out.\nA second run continues an upload that was interrupted. The exit code is 1 if a file was rejected or cannot be found.",
    )
    .action((base: string, paths: string[], flags: Flags) =>
      run(base, paths, flags).catch((error: unknown) => reportFailure(error, flags)),
    );
}

function readConcurrency(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= MOST_AT_ONCE) return number;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${MOST_AT_ONCE}.`);
}

async function run(named: string, paths: readonly string[], flags: Flags): Promise<void> {
  const { client } = connect(flags);
  const { files, ignored } = findFiles(paths);
  const base = await findBase(client, named);
  const { knowledgeBaseId } = base;
  const { concurrency, principals, wait = false, json = false } = flags;
  const onProgress = json ? () => undefined : showProgress(files.length);
  const uploads = await uploadFiles(client, { knowledgeBaseId, files, concurrency, principals, onProgress });
  let problems: readonly Problem[] = [];
  if (wait) {
    await waitForIndex(client, { knowledgeBaseId, isQuiet: json });
    const ids = [...uploads.uploaded, ...uploads.unchanged].map(({ documentId }) => documentId);
    problems = await listProblems(client, knowledgeBaseId, new Set(ids));
  }
  const summary = { ...uploads, ignored, problems };
  if (json) console.log(JSON.stringify({ knowledgeBaseId, ...summary }));
  else showSummary(base, summary, wait);
  if (uploads.failed.length + problems.length > 0) process.exitCode = EXIT.failed;
}

/** In a terminal one line that changes, else a line for each tenth. */
function showProgress(total: number) {
  let tenth = 0;
  return (done: number) => {
    const line = `${done} of ${total} files`;
    if (process.stderr.isTTY) return void process.stderr.write(`\r${line}${done === total ? "\n" : ""}`);
    const next = Math.floor((done / total) * 10);
    if (next > tenth) process.stderr.write(`${line}\n`);
    tenth = next;
  };
}

function showSummary({ name }: Base, { uploaded, unchanged, ignored, failed, problems }: Summary, isIndexed: boolean) {
  for (const { name: file, error } of [...failed, ...problems]) process.stderr.write(`${file}: ${error}\n`);
  const parts = [
    `${uploaded.length} uploaded`,
    `${unchanged.length} unchanged`,
    ...(failed.length > 0 ? [`${failed.length} rejected`] : []),
    ...(problems.length > 0 ? [`${problems.length} not searchable`] : []),
    ...(ignored > 0 ? [`${ignored} left out (no documents)`] : []),
  ];
  const next = isIndexed ? "The index is ready." : "They are indexed in the background.";
  console.log(`${name}: ${parts.join(", ")}. ${uploaded.length > 0 || isIndexed ? next : "Nothing to index."}`);
}
