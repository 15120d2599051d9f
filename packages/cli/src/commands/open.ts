import { spawn } from "node:child_process";
import type { Client } from "@treadle/sdk";
import type { Command } from "commander";
import { connect, type ServerFlags, withServerFlags } from "../shared/connect.ts";
import type { Io } from "../shared/io.ts";
import { describeFailure } from "../shared/report-failure.ts";
import { UsageError } from "../shared/usage-error.ts";

type Flags = ServerFlags & { readonly print?: boolean };
type FindPath = (id: string, client: Client) => string | Promise<string>;

/** The page of an object, by the prefix of its id. An object without its own page is shown in the list of its kind. */
const PAGES: Readonly<Record<string, FindPath>> = {
  ds: (id) => `/datasets/${id}`,
  exp: (id) => `/experiments/${id}`,
  run: async (runId, client) => {
    const { experimentId } = await client.call("GET /api/v1/runs/:runId", { params: { runId } });
    return experimentId === null ? "/experiments" : `/experiments/${experimentId}`;
  },
  bis: (id) => `/experiments/bisects/${id}`,
  pj: (id) => `/experiments/judgings/${id}`,
  opt: (id) => `/optimisations/${id}`,
  red: (id) => `/red-team/${id}`,
  scr: (id) => `/scorers/${id}`,
  rule: () => "/scorers/live",
  queue: (id) => `/annotation/${id}`,
  pair: () => "/preferences",
  dash: (id) => `/dashboards/${id}`,
  ftjob: (id) => `/training/${id}`,
  swp: (id) => `/training/sweeps/${id}`,
  end: () => "/endpoints",
  conn: () => "/models/providers",
  price: () => "/models/prices",
  ct: () => "/settings/compute",
  req: () => "/settings/evaluations",
  fwd: () => "/settings/forwarding",
  sexp: () => "/settings/exports",
  job: () => "/settings/jobs",
  key: () => "/settings",
  user: () => "/settings/members",
  project: () => "/settings/project",
  audit: () => "/settings/audit",
};

export function addOpen(program: Command, io: Io) {
  withServerFlags(
    program
      .command("open")
      .argument("<id>", "the id of an object, such as ds_…, exp_… or a trace id; or a path such as /prompts/support")
      .option("--print", "print the address without opening it"),
  ).action((id: string, flags: Flags) =>
    run(id, flags, io).catch((error: unknown) => io.setExitCode(describeFailure(error, flags, io))),
  );
}

async function run(id: string, flags: Flags, io: Io) {
  const { client, url } = connect(flags, io.env);
  const address = `${url}${await pathOf(id, client)}`;
  io.stdout.write(`${flags.json ? JSON.stringify({ url: address }) : address}\n`);
  if (!flags.print && !flags.json) openBrowser(address, io);
}

function pathOf(id: string, client: Client): string | Promise<string> {
  if (id.startsWith("/")) return id;
  if (/^[0-9a-f]{32}$/.test(id)) return `/traces/${id}`;
  const [, prefix = ""] = /^([a-z]+)_[0-9a-z]+$/.exec(id) ?? [];
  const find = Object.hasOwn(PAGES, prefix) ? PAGES[prefix] : undefined;
  if (find) return find(id, client);
  const prefixes = Object.keys(PAGES).map((name) => `${name}_`);
  throw new UsageError(
    `"${id}" has no page. Ids with a page start with ${prefixes.join(", ")}; a trace id is 32 hexadecimal digits.`,
  );
}

/** The address is printed in any case, so a machine without a browser is no failure. */
function openBrowser(address: string, io: Io): void {
  const [program, ...before] =
    process.platform === "darwin"
      ? ["open"]
      : process.platform === "win32"
        ? ["rundll32", "url.dll,FileProtocolHandler"]
        : ["xdg-open"];
  const child = spawn(program ?? "", [...before, address], { stdio: "ignore", detached: true });
  child.once("error", () => io.stderr.write("No browser could be opened. Open the address above.\n"));
  child.unref();
}
