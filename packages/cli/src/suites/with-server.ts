import { ApiError, type Client } from "@treadle/sdk";
import type { Command } from "commander";
import { connect, type ServerFlags, withServerFlags } from "../connect.ts";
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
    .option("--local [folder]", "start a server for this command alone; a folder keeps its runs for the next time")
    .option("--branch <name>", "the branch that was checked out (of the CI, or of git)")
    .option("--commit <sha>", "the commit that was checked out (of the CI, or of git)")
    .option("--build-url <url>", "the page of the build (of the CI)")
    .option("--name <name>", "what the experiment is called (the suite and the commit)");

/** Does something with the server that the flags name; with one of its own when none is named and none answers here. */
export async function withServer<Result>(
  flags: SuiteFlags,
  suites: readonly Suite[],
  use: (client: Client) => Promise<Result>,
): Promise<Result> {
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const isNamed = flags.url !== undefined || Boolean(process.env.TREADLE_URL);
  if (flags.local === undefined && (isNamed || (await answers(flags)))) return use(connect(flags).client);
  if (flags.local === undefined)
    say("No server answers here, so one is started for this command. --local FOLDER keeps its runs.");
  const model = suites.some(({ variants }) => variants.some((variant) => variant.model === BUILT_IN)) ? BUILT_IN : null;
  const dataFolder = typeof flags.local === "string" ? flags.local : undefined;
  const server = await startLocalServer({ dataFolder, model, say: flags.json ? () => undefined : say });
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
    // Whoever answers is a server; that it refuses the key is for the command to say.
    return !(error instanceof ApiError && error.code === "network");
  }
}
