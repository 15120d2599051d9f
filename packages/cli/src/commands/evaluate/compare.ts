import type { Answer } from "@treadle/sdk";
import type { Command } from "commander";
import { numberOf } from "../../operations/read-value.ts";
import { connect, type ServerFlags, withServerFlags } from "../../shared/connect.ts";
import type { Io } from "../../shared/io.ts";
import { describeFailure } from "../../shared/report-failure.ts";
import { inChange, inDigits, inProbability, inRange } from "../../suites/number-words.ts";
import { textTable } from "../../suites/text-table.ts";

type Comparison = Answer<"GET /api/v1/runs/compare">;
type Flags = ServerFlags & { readonly alpha?: number; readonly margin?: number };

export function addCompare(program: Command, io: Io) {
  const command = program
    .command("compare")
    .argument("<base>", "the run to compare with; `treadle runs` lists the ids")
    .argument("<heads...>", "the runs to compare")
    .option(
      "--alpha <share>",
      "the probability of a false difference (default: 0.05)",
      numberOf({ kind: "number", min: 0, max: 1 }),
    )
    .option(
      "--margin <difference>",
      "the largest difference that does not matter",
      numberOf({ kind: "number", min: 0 }),
    );
  withServerFlags(command).action((base: string, heads: string[], flags: Flags) =>
    run({ base, heads }, flags, io).catch((error: unknown) => io.setExitCode(describeFailure(error, flags, io))),
  );
}

async function run({ base, heads }: { base: string; heads: readonly string[] }, flags: Flags, io: Io) {
  const { client } = connect(flags, io.env);
  const query = { base, heads: heads.join(","), alpha: flags.alpha, margin: flags.margin };
  const comparison = await client.call("GET /api/v1/runs/compare", { query });
  io.stdout.write(`${flags.json ? JSON.stringify(comparison) : showComparison(comparison)}\n`);
}

/** A row for each head and scorer, and the warnings below. */
function showComparison({ base, heads }: Comparison): string {
  const rows = heads.flatMap(({ run, scorers }) =>
    scorers.map(({ name, meanBase, meanHead, difference, interval, adjustedPValue, items, verdict }) => [
      run.name,
      name,
      inDigits(meanBase),
      inDigits(meanHead),
      `${inChange(difference)}${inRange(interval, inChange)}`,
      inProbability(adjustedPValue),
      String(items),
      verdict,
    ]),
  );
  const head = ["RUN", "SCORER", "BASE", "HEAD", "DIFFERENCE", "P", "ITEMS", "VERDICT"];
  const warnings = heads.flatMap(({ run, warnings: all }) => all.map((warning) => `${run.name}: ${warning}`));
  return [`Base: ${base.name} (${base.runId})`, "", textTable([head, ...rows]), ...warnings].join("\n");
}
