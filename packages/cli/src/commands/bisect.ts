import type { Answer } from "@treadle/sdk";
import { type Command, InvalidArgumentError } from "commander";
import { connect, type ServerFlags, withServerFlags } from "../connect.ts";
import { followJob } from "../follow-job.ts";
import { counted, inChange, inDigits, inMoney, inProbability, inRange } from "../suites/number-words.ts";
import { reportSuiteFailure, withUsageExit } from "../suites/report-suite-failure.ts";
import { textTable } from "../suites/text-table.ts";

type Bisect = Answer<"GET /api/v1/bisects/:bisectId">;
type Finding = Bisect["findings"][number];
type Flags = ServerFlags & {
  readonly scorer?: string;
  readonly usd?: number;
  readonly tokens?: number;
  readonly alpha?: number;
};

const MOST_ITEMS = 10;

export function addBisect(program: Command) {
  withUsageExit(
    withServerFlags(
      program
        .command("bisect")
        .description("find the change between a good and a bad run that made a score fall")
        .argument("<good>", "a run as it should be")
        .argument("<bad>", "a run that scores worse"),
    )
      .option("--scorer <key>", "the score that fell (the main one)")
      .option("--usd <dollars>", "the most to be spent", toNumber)
      .option("--tokens <count>", "the most tokens, read and written (10,000,000)", toNumber)
      .option("--alpha <share>", "how often a change may be named by chance (0.05)", toNumber),
  )
    .addHelpText(
      "after",
      "\nExit codes: 0 found, 3 nothing to find or not decided, 4 providers failed or the budget is used up, 64 wrong use.",
    )
    .action((good: string, bad: string, flags: Flags) =>
      run({ good, bad }, flags).catch((error: unknown) => reportSuiteFailure(error, flags)),
    );
}

function toNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError("give a number above 0.");
  return value;
}

async function run(runs: { good: string; bad: string }, { scorer, usd, tokens, alpha, ...flags }: Flags) {
  const { client } = connect(flags);
  const budget = { usd: usd ?? null, ...(tokens !== undefined && { tokens }) };
  const body = { ...runs, scorer, budget, ...(alpha !== undefined && { alpha }) };
  const { bisectId, jobId, steps } = await client.call("POST /api/v1/bisects", { body });
  if (!flags.json) process.stderr.write(`${counted(steps.length, "change")} between the two runs\n`);
  await followJob(client, jobId, { isQuiet: flags.json ?? false });
  const found = await client.call("GET /api/v1/bisects/:bisectId", { params: { bisectId } });
  console.log(flags.json ? JSON.stringify(found) : showBisect(found));
  process.exitCode = found.outcome === "found" ? 0 : found.outcome === "budget" ? 4 : 3;
}

/** The way from the good run to the bad one with what was seen on it, and what was found. */
function showBisect({ outcome, message, steps, probes, findings, total, spent }: Bisect): string {
  const fall =
    total === null
      ? ""
      : `${inDigits(total.meanBase)} → ${inDigits(total.meanHead)}${inRange(total.interval, inChange)}`;
  const rows = steps.map(({ index, kind, label }) => {
    const probe = probes.find(({ step }) => step === index);
    const seen = probe
      ? `${probe.decision} after ${counted(probe.items, "item")}${probe.isCertain ? "" : ", not certain"}`
      : "";
    return [findings.some(({ step }) => step.index === index) ? "→" : " ", String(index), kind, label, seen];
  });
  return [
    `${(outcome ?? "").toUpperCase().replaceAll("-", " ")}: ${message}`,
    ...(fall === "" ? [] : [`the score  ${fall}`]),
    "",
    textTable(rows),
    ...findings.flatMap((finding) => ["", ...showFinding(finding)]),
    "",
    `${counted(spent.calls, "call")}, ${counted(spent.tokens, "token")}, ${inMoney(spent.usd)}`,
  ].join("\n");
}

function showFinding({ step, comparison, share, turned, beforeRunId, afterRunId }: Finding): string[] {
  const { difference, interval, pValue, items, test } = comparison;
  const part = share === null ? "" : `, ${Math.round(share * 100)} % of the fall`;
  const named = turned
    .slice(0, MOST_ITEMS)
    .map(({ itemId, before, after }) => `  ${itemId}  ${inDigits(before)} → ${inDigits(after)}`);
  const more = turned.length - named.length;
  return [
    step.label,
    `  ${inChange(difference)}${inRange(interval, inChange)}, p ${inProbability(pValue)} (${test}, ${counted(items, "item")})${part}`,
    `  before ${beforeRunId}, after ${afterRunId}`,
    ...(named.length > 0 ? ["  items that turned:", ...named] : []),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}
