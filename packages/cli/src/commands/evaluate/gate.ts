import { writeFileSync } from "node:fs";
import type { Client, RequestFor } from "@treadle/sdk";
import type { Command } from "commander";
import { UsageError } from "../../shared/usage-error.ts";
import { findSource } from "../../suites/find-source.ts";
import { readSuite, type Suite } from "../../suites/read-suite.ts";
import { reportSuiteFailure } from "../../suites/report-suite-failure.ts";
import { runSuite } from "../../suites/run-suite.ts";
import { type Decision, showDecision, writeMarkdown } from "../../suites/show-decision.ts";
import { type SuiteFlags, withServer, withSuiteFlags } from "../../suites/with-server.ts";
import { type FailedItem, writeJunit } from "../../suites/write-junit.ts";
import { nameOf } from "./eval.ts";

type Base = RequestFor<"POST /api/v1/gates/decide">["body"]["base"];
type Flags = SuiteFlags & {
  readonly head?: string;
  readonly base?: string;
  readonly baseBranch?: string;
  readonly against?: string;
  readonly junit?: string;
  readonly markdown?: string;
};

const MOST_FAILED = 200;

export function addGate(program: Command) {
  withSuiteFlags(
    program
      .command("gate")

      .argument("[suite]", "the suite; its `gate` contains the rules"),
  )
    .option("--head <run>", "an existing run, instead of running the suite")
    .option("--base <run>", "the run to compare with")
    .option(
      "--base-branch <name>",
      "compare with the suite's last passing run on this branch (default: from the suite, otherwise main)",
    )
    .option("--against <suite>", "also run this suite, for example from a checkout of the base, and compare with it")
    .option("--junit <file>", "write the decision as JUnit XML")
    .option("--markdown <file>", "write the decision as Markdown, for a pull request comment")
    .addHelpText(
      "after",
      "\nExit codes: 0 pass, 1 regression, 2 below a floor, 3 inconclusive (with the number of items needed), 4 provider errors, 64 wrong use.",
    )
    .action((path: string | undefined, flags: Flags) =>
      run(path, flags).catch((error: unknown) => reportSuiteFailure(error, flags)),
    );
}

async function run(path: string | undefined, flags: Flags) {
  if (path === undefined && flags.head === undefined) throw new UsageError("Name a suite, or a run with --head.");
  if ([flags.base, flags.against, flags.baseBranch].filter((one) => one !== undefined).length > 1)
    throw new UsageError("--base, --base-branch and --against exclude each other. Use only one.");
  const suite = path === undefined ? null : await read(path);
  const against = flags.against === undefined ? null : await read(flags.against);
  await withServer(
    flags,
    [suite, against].filter((one) => one !== null),
    async (client) => {
      // The base first. Of two runs, the later run is the head.
      const base = against ? { runId: await runOf(client, against, flags) } : baseOf(suite, flags);
      const head = flags.head ?? (suite && (await runOf(client, suite, flags)));
      if (head === null) throw new UsageError("Name a suite, or a run with --head.");
      const { variant: _, branch: _branch, ...rules } = suite?.gate ?? {};
      const decision = await client.call("POST /api/v1/gates/decide", { body: { head, base, rules } });
      await reportDecision(client, decision, { flags, suite: suite?.suite ?? decision.head.name });
      process.exitCode = decision.exitCode;
    },
  );
}

async function read(path: string): Promise<Suite> {
  const { suite, warnings } = await readSuite(path);
  for (const warning of warnings) process.stderr.write(`treadle: ${warning}\n`);
  return suite;
}

function baseOf(suite: Suite | null, flags: Flags): Base {
  if (flags.base !== undefined) return { runId: flags.base };
  if (suite === null) return null;
  return { suite: suite.suite, branch: flags.baseBranch ?? suite.gate.branch };
}

/** Runs a suite and gives the run of the variant that is to pass. */
async function runOf(client: Client, suite: Suite, flags: Flags): Promise<string> {
  const wanted = suite.gate.variant ?? suite.variants[0]?.name;
  const variants = suite.variants.filter(({ name }) => name === wanted);
  const options = { source: findSource(flags), name: nameOf(suite, flags), isQuiet: flags.json ?? false };
  const { runs } = await runSuite(client, { ...suite, variants }, options);
  const [run] = runs;
  if (!run) throw new Error(`The suite ${suite.suite} created no run.`);
  return run.runId;
}

async function reportDecision(client: Client, decision: Decision, { flags, suite }: { flags: Flags; suite: string }) {
  if (flags.junit !== undefined)
    writeFileSync(flags.junit, writeJunit(decision, { suite, failed: await failedItems(client, decision) }));
  if (flags.markdown !== undefined) writeFileSync(flags.markdown, writeMarkdown(decision, suite));
  console.log(flags.json ? JSON.stringify(decision) : showDecision(decision));
}

async function failedItems(client: Client, { head, errors }: Decision): Promise<FailedItem[]> {
  if (errors === 0) return [];
  const query = { state: "error" as const, limit: MOST_FAILED };
  const { items } = await client.call("GET /api/v1/runs/:runId/items", { params: { runId: head.runId }, query });
  return items.map(({ itemId, results }) => ({
    itemId,
    message: results.find(({ error }) => error !== null)?.error?.message ?? "no answer",
  }));
}
