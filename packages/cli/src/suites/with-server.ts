import { ApiError, type Client } from "@treadle/sdk";
import type { Command } from "commander";
import { connect, isServerNamed, type ServerFlags, withServerFlags } from "../shared/connect.ts";
import { startLocalServer } from "./local-server.ts";
import type { Suite } from "./read-suite.ts";
import { connectProviders } from "./run-suite.ts";

export type SuiteFlags = ServerFlags & {
  readonly local?: true | string;
  readonly branch?: string;
  readonly commit?: string;
  readonly buildUrl?: string;
  readonly name?: string;
};

const BUILT_IN = "smollm2-135m-instruct";

/** The flags of every command that runs a suite. */
export const withSuiteFlags = (command: Command) =>
  withServerFlags(command)
    .option(
      "--local [folder]",
      "start a server only for this command; with a folder, its runs are stored for the next time",
    )
    .option("--branch <name>", "the checked-out branch (default: from CI or git)")
    .option("--commit <sha>", "the checked-out commit (default: from CI or git)")
    .option("--build-url <url>", "the page of the build (default: from CI)")
    .option("--name <name>", "the name of the experiment (default: the suite and the commit)");

/**
 * Runs an action with the server from the flags, or with a separate server if none is named and none is running here.
 */
export async function withServer<Result>(
  flags: SuiteFlags,
  suites: readonly Suite[],
  use: (client: Client) => Promise<Result>,
): Promise<Result> {
  const printLine = (line: string) => void process.stderr.write(`${line}\n`);
  if (flags.local === undefined && (isServerNamed(flags) || (await answers(flags)))) return use(connect(flags).client);
  if (flags.local === undefined)
    printLine("No server is running here, so one starts for this command. Use --local FOLDER to store its runs.");
  const model = suites.some(({ variants }) => variants.some((variant) => variant.model === BUILT_IN)) ? BUILT_IN : null;
  const dataFolder = typeof flags.local === "string" ? flags.local : undefined;
  const server = await startLocalServer({ dataFolder, model, say: flags.json ? () => undefined : printLine });
  try {
    for (const suite of suites) await connectProviders(server.client, suite);
    return await use(server.client);
  } finally {
    await server.stop();
  }
}

async function answers(flags: ServerFlags): Promise<boolean> {
  try {
    await connect(flags).client.call("GET /api/v1/scorer-kinds");
    return true;
  } catch (error) {
    // Any response means that a server is running. The command reports a rejected key.
    return !(error instanceof ApiError && error.code === "network");
  }
}
