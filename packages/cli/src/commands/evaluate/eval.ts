import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { findSource } from "../../suites/find-source.ts";
import { counted, inMoney, inTime } from "../../suites/number-words.ts";
import { readSuite, type Suite } from "../../suites/read-suite.ts";
import { reportSuiteFailure } from "../../suites/report-suite-failure.ts";
import { type Estimate, type Experiment, runSuite } from "../../suites/run-suite.ts";
import { showExperiment } from "../../suites/show-experiment.ts";
import { type SuiteFlags, withServer, withSuiteFlags } from "../../suites/with-server.ts";

type Flags = SuiteFlags & { readonly report?: string };

/** A missing answer has no score. With this share of missing answers, an experiment has no result. */
const MOST_ERRORS = 0.5;

export function addEval(program: Command) {
  withSuiteFlags(
    program
      .command("eval")

      .argument("<suite>", "a suite in YAML, JSON or TypeScript, or a promptfoo configuration"),
  )
    .option("--report <file>", "write a report of the first variant: .md, .html, .csv or .json")
    .addHelpText(
      "after",
      "\nExit codes: 0 the suite ran, 4 providers failed or the server is unavailable, 64 the suite or a flag is invalid.",
    )
    .action((path: string, flags: Flags) =>
      run(path, flags).catch((error: unknown) => reportSuiteFailure(error, flags)),
    );
}

async function run(path: string, flags: Flags) {
  const { suite, warnings } = await readSuite(path);
  for (const warning of warnings) process.stderr.write(`treadle: ${warning}\n`);
  await withServer(flags, [suite], async (client) => {
    const experiment = await runSuite(client, suite, {
      source: findSource(flags),
      name: nameOf(suite, flags),
      isQuiet: flags.json ?? false,
      onEstimate: (estimate) => flags.json || process.stderr.write(`${estimateWords(estimate)}\n`),
    });
    console.log(flags.json ? JSON.stringify(experiment) : showExperiment(experiment));
    const runId = experiment.runs[0]?.runId;
    if (flags.report !== undefined && runId !== undefined) {
      const query = { format: formatOf(flags.report) };
      const report = await client.send("GET /api/v1/runs/:runId/export", { params: { runId }, query });
      writeFileSync(flags.report, await report.text());
    }
    if (experiment.status === "failed" || failedShare(experiment) > MOST_ERRORS) process.exitCode = 4;
  });
}

/** Such as `support replies 1a2b3c4d`. */
export function nameOf({ suite }: Suite, flags: SuiteFlags): string {
  const { commit } = findSource(flags);
  return flags.name ?? (commit === null ? suite : `${suite} ${commit.slice(0, 8)}`).slice(0, 100);
}

/** Such as `40 answers, about $0.12, and 40 calls of judges, about $0.30, 25 s`. */
function estimateWords({ answers, answersUsd, judgeCalls, judgesUsd, seconds }: Estimate): string {
  const judges = judgeCalls === 0 ? "" : `, and ${counted(judgeCalls, "judge call")}, ${aboutMoney(judgesUsd)}`;
  return `${counted(answers, "answer")}, ${aboutMoney(answersUsd)}${judges}${seconds === null ? "" : `, ${inTime(seconds * 1_000)}`}`;
}

const aboutMoney = (usd: number | null) => (usd === null ? inMoney(usd) : `about ${inMoney(usd)}`);

function failedShare({ runs }: Experiment): number {
  const answers = runs.reduce((sum, run) => sum + run.answers, 0);
  return answers === 0 ? 1 : runs.reduce((sum, run) => sum + run.errors, 0) / answers;
}

function formatOf(file: string) {
  const formats = { md: "markdown", html: "html", csv: "csv", json: "json" } as const;
  const ending = file.split(".").at(-1) ?? "";
  return ending in formats ? formats[ending as keyof typeof formats] : "markdown";
}
