import { createInterface } from "node:readline/promises";
import { type Answer, type Client, readAllPages } from "@treadle/sdk";
import type { Command } from "commander";
import { connect, type ServerFlags, withServerFlags } from "../shared/connect.ts";
import { IDEMPOTENCY_KEY_OPTION } from "../shared/idempotency-key-option.ts";
import { reportFailure } from "../shared/report-failure.ts";
import { UsageError } from "../shared/usage-error.ts";
import { textTable } from "../suites/text-table.ts";

type Project = Answer<"GET /api/v1/projects">["items"][number];
type CreateFlags = ServerFlags & { readonly idempotencyKey?: string };
type DeleteFlags = ServerFlags & { readonly confirm?: string };

/** Adds the commands of projects. A key of the server's first project reaches every project; any other key reaches its own. */
export function addProject(program: Command) {
  const project = program.command("project");
  const add = (usage: string, description: string) => withServerFlags(project.command(usage).description(description));
  const act =
    <Args extends unknown[], Flags extends ServerFlags>(run: (flags: Flags, ...args: Args) => Promise<void>) =>
    (...given: [...Args, Flags, Command]) => {
      const flags = given.at(-2) as Flags;
      return run(flags, ...(given.slice(0, -2) as Args)).catch((error: unknown) => reportFailure(error, flags));
    };
  add("list", "list the projects that the key can access, with their states").action(act(list));
  add("create <name>", "create a project")
    .option(...IDEMPOTENCY_KEY_OPTION)
    .action(act(create));
  add("rename <project> <name>", "rename a project, given by its id or name").action(act(rename));
  add("archive <project>", "make a project read only; gateway calls and traces are rejected").action(act(archive));
  add("restore <project>", "make an archived or a deleted project active again").action(act(restore));
  add("delete <project>", "close a project, and remove its data after the grace period")
    .option("--confirm <name>", "the project's exact name; asked for in a terminal")
    .action(act(remove));
}

async function list(flags: ServerFlags) {
  const items = await listProjects(connect(flags).client);
  if (flags.json) return console.log(JSON.stringify(items));
  console.log(textTable(items.map((project) => [project.projectId, describeState(project), project.name])));
}

async function listProjects(client: Client): Promise<Project[]> {
  return (await readAllPages((query) => client.call("GET /api/v1/projects", { query }))).items;
}

function describeState({ state, isFirst, isSample, purgeAt }: Project): string {
  if (state === "deleted") return `deleted, data removed after ${(purgeAt ?? "").slice(0, 10)}`;
  if (state === "archived") return "archived";
  return isFirst ? "active, first" : isSample ? "active, sample data" : "active";
}

async function create(flags: CreateFlags, name: string) {
  const { idempotencyKey } = flags;
  const project = await connect(flags).client.call("POST /api/v1/projects", { body: { name }, idempotencyKey });
  show(flags, project, `Created the project ${project.name}: ${project.projectId}`);
}

async function rename(flags: ServerFlags, which: string, name: string) {
  const { client } = connect(flags);
  const { projectId, name: before } = await find(client, which);
  const project = await client.call("PATCH /api/v1/projects/:projectId", { params: { projectId }, body: { name } });
  show(flags, project, `Renamed ${before} to ${project.name}`);
}

async function archive(flags: ServerFlags, which: string) {
  const { client } = connect(flags);
  const { projectId } = await find(client, which);
  const project = await client.call("POST /api/v1/projects/:projectId/archive", { params: { projectId } });
  show(flags, project, `Archived ${project.name}. To undo it: treadle project restore ${project.projectId}`);
}

async function restore(flags: ServerFlags, which: string) {
  const { client } = connect(flags);
  const { projectId } = await find(client, which);
  const project = await client.call("POST /api/v1/projects/:projectId/restore", { params: { projectId } });
  show(flags, project, `Restored ${project.name}`);
}

async function remove(flags: DeleteFlags, which: string) {
  const { client } = connect(flags);
  const match = await find(client, which);
  const confirm = flags.confirm ?? (await askForName(match.name));
  const params = { projectId: match.projectId };
  const project = await client.call("DELETE /api/v1/projects/:projectId", { params, query: { confirm } });
  const until = (project.purgeAt ?? "").slice(0, 16).replace("T", " ");
  show(
    flags,
    project,
    `Deleted ${project.name}. Its data is removed after ${until} UTC. To undo it: treadle project restore ${project.projectId}`,
  );
}

const show = ({ json }: ServerFlags, project: Project, line: string) =>
  console.log(json ? JSON.stringify(project) : line);

/** By its id, or by its name if only one project has it. */
async function find(client: Client, which: string): Promise<Project> {
  const items = await listProjects(client);
  const [found, second] = items.filter(({ projectId, name }) => projectId === which || name === which);
  if (found && !second) return found;
  const byId = items.find(({ projectId }) => projectId === which);
  if (byId) return byId;
  if (!found)
    throw new Error(`This key has no access to a project "${which}". Run treadle project list to see its projects.`);
  throw new Error(`Several projects are named "${which}". Use the id, which treadle project list shows.`);
}

async function askForName(name: string): Promise<string> {
  if (!process.stdin.isTTY) throw new UsageError(`Confirm with the project's name: --confirm "${name}"`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(`Type the project's name to delete it (${name}): `);
  } finally {
    terminal.close();
  }
}
