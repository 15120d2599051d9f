import type { Answer } from "@treadle/sdk";
import { type Command, InvalidArgumentError } from "commander";
import { connect, type ServerFlags, withServerFlags } from "../../shared/connect.ts";
import { followJob } from "../../shared/follow-job.ts";
import { counted, inChange, inDigits, inMoney, inProbability, inRange } from "../../suites/number-words.ts";
import { reportSuiteFailure } from "../../suites/report-suite-failure.ts";
import { textTable } from "../../suites/text-table.ts";

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
  withServerFlags(
    program
      .command("bisect")

      .argument("<good>", "the good run")
      .argument("<bad>", "the run with the lower score"),
  )
    .option("--scorer <key>", "the score that fell (default: the main score)")
    .option("--usd <dollars>", "the budget in US dollars", toNumber)
    .option("--tokens <count>", "the token budget, input and output (default: 10,000,000)", toNumber)
    .option("--alpha <share>", "the probability of a false result (default: 0.05)", toNumber)
    .addHelpText(
      "after",
      "\nExit codes: 0 found, 3 nothing to find, or inconclusive, 4 providers failed or the budget is used up, 64 wrong use.",
    )
    .action((good: string, bad: string, flags: Flags) =>
      run({ good, bad }, flags).catch((error: unknown) => reportSuiteFailure(error, flags)),
    );
}

function toNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError("use a number above 0.");
  return value;
}

async function run(runs: { good: string; bad: string }, { scorer, usd, tokens, alpha, ...flags }: Flags) {
  const { client } = connect(flags);
  const budget = { usd: usd ?? null, ...(tokens !== undefined && { tokens }) };
  const body = { ...runs, scorer, budget, ...(alpha !== undefined && { alpha }) };
  const { bisectId, jobId, steps } = await client.call("POST /api/v1/bisects", { body });
  if (!flags.json) process.stderr.write(`${counted(steps.length, "change")} between the two runs\n`);
  await followJob(client, jobId, { isQuiet: flags.json ?? false });
  const bisect = await client.call("GET /api/v1/bisects/:bisectId", { params: { bisectId } });
  console.log(flags.json ? JSON.stringify(bisect) : showBisect(bisect));
  process.exitCode = bisect.outcome === "found" ? 0 : bisect.outcome === "budget" ? 4 : 3;
}

/** The path from the good run to the bad run, with the measurements and the result. */
function showBisect({ outcome, message, steps, probes, findings, total, spent }: Bisect): string {
  const fall =
    total === null
      ? ""
      : `${inDigits(total.meanBase)} → ${inDigits(total.meanHead)}${inRange(total.interval, inChange)}`;
  const rows = steps.map(({ index, kind, label }) => {
    const probe = probes.find(({ step }) => step === index);
    const probeText = probe
      ? `${probe.decision} after ${counted(probe.items, "item")}${probe.isCertain ? "" : ", not certain"}`
      : "";
    return [findings.some(({ step }) => step.index === index) ? "→" : " ", String(index), kind, label, probeText];
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
    ...(named.length > 0 ? ["  items that got worse:", ...named] : []),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}
