import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { text as readAll } from "node:stream/consumers";
import { type Answer, createClient, readAllPages } from "@treadle/sdk";
import type { Command } from "commander";
import type { Io } from "../shared/io.ts";
import { type Profile, readProfiles, writeProfiles } from "../shared/profile-file.ts";
import { describeFailure } from "../shared/report-failure.ts";
import { UsageError } from "../shared/usage-error.ts";

type Projects = Answer<"GET /api/v1/projects">["items"];
type Flags = {
  readonly url?: string;
  readonly key?: string;
  readonly project?: string;
  readonly profile: string;
  readonly json?: boolean;
};

const DEFAULT_URL = "http://127.0.0.1:4747";

export function addLogin(program: Command, io: Io) {
  program
    .command("login")
    .option("--url <url>", "the server; asked for in a terminal")
    .option("--key <key>", "the API key; - reads it from standard input; asked for in a terminal")
    .option("--project <id>", "the project to use, for a key with access to several")
    .option("--profile <name>", "the name to store it under", "default")
    .option("--json", "print the stored profile as JSON")
    .addHelpText("after", "\nThe profile becomes the current one. The key is stored in a file that only you can read.")
    .action((flags: Flags) =>
      run(flags, io).catch((error: unknown) =>
        io.setExitCode(describeFailure(error, { url: flags.url, json: flags.json }, io)),
      ),
    );
}

async function run(flags: Flags, io: Io) {
  const url = addressOf(flags.url ?? (await prompt(`Server (${DEFAULT_URL}): `, io, "--url")) ?? "");
  const key =
    (flags.key === "-" ? (await readAll(io.stdin)).trim() : flags.key) ?? (await prompt("API key: ", io, "--key"));
  if (!key) throw new UsageError("An API key is required: --key KEY, or --key - to read it from standard input.");
  const client = createClient({ baseUrl: url, apiKey: key, projectId: flags.project });
  const project = projectOf(
    (await readAllPages((query) => client.call("GET /api/v1/projects", { query }))).items,
    flags.project,
  );
  const profile: Profile = { url, key, ...(flags.project !== undefined && { project: flags.project }) };
  const before = readProfiles(io.env);
  const file = writeProfiles(
    { current: flags.profile, profiles: { ...before.profiles, [flags.profile]: profile } },
    io.env,
  );
  if (flags.json) io.stdout.write(`${JSON.stringify({ profile: flags.profile, url, project, file })}\n`);
  else io.stdout.write(`Signed in to ${url}, ${project.name}. Stored as profile "${flags.profile}" in ${file}.\n`);
}

function addressOf(text: string): string {
  const url = (text.trim() || DEFAULT_URL).replace(/\/+$/, "");
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ""))
    throw new UsageError(`"${url}" is not the address of a server. Write one such as ${DEFAULT_URL}.`);
  return url;
}

/** The project that was named, or the only one; the first where a key reaches several. */
function projectOf(projects: Projects, named: string | undefined) {
  const project = named === undefined ? projects[0] : projects.find(({ projectId }) => projectId === named);
  if (project) return { projectId: project.projectId, name: project.name };
  const ids = projects.map(({ projectId, name }) => `${projectId} (${name})`).join(", ");
  throw new UsageError(`This key has no access to the project "${named ?? ""}". It has access to: ${ids || "none"}.`);
}

/** Asks in a terminal. The answer to a question about a key is not shown. */
async function prompt(question: string, io: Io, flag: string): Promise<string> {
  if (!io.stdin.isTTY) throw new UsageError(`Missing ${flag} VALUE.`);
  const isSecret = flag === "--key";
  io.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: io.stdin, output: isSecret ? silent : io.stderr, terminal: true });
  try {
    return (await terminal.question("")).trim();
  } finally {
    terminal.close();
    if (isSecret) io.stderr.write("\n");
  }
}
