import type { Command } from "commander";
import pc from "picocolors";
import { type Check, type Finding, failed, type Surroundings } from "../checks/check.ts";
import { CHECKS } from "../checks/index.ts";
import { connect, dataFolder, type ServerFlags, withServerFlags } from "../shared/connect.ts";
import { reportFailure } from "../shared/report-failure.ts";

type Named = Finding & { readonly name: string };

const MARK = { ok: pc.green("ok     "), warning: pc.yellow("warning"), failed: pc.red("failed ") };
const NAME_WIDTH = Math.max(...CHECKS.map(({ name }) => name.length));

export function addDoctor(program: Command) {
  withServerFlags(program.command("doctor"))
    .addHelpText("after", "\nWorks with and without a running server. The exit code is 1 if a check failed.")
    .action((flags: ServerFlags) => run(flags).catch((error: unknown) => reportFailure(error, flags)));
}

async function run(flags: ServerFlags) {
  const { url, client } = connect(flags);
  const { hostname, port } = new URL(url);
  const around = {
    dataFolder: dataFolder(),
    url,
    client,
    host: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port || "80"),
  };
  const findings: Named[] = [];
  for (const check of CHECKS)
    for (const finding of await examine(check, around)) {
      findings.push({ name: check.name, ...finding });
      if (!flags.json) print({ name: check.name, ...finding });
    }
  const bad = findings.filter(({ state }) => state === "failed").length;
  const poor = findings.filter(({ state }) => state === "warning").length;
  if (flags.json) console.log(JSON.stringify({ ok: bad === 0, findings }));
  else
    console.log(
      bad + poor === 0 ? "\nAll checks passed." : `\n${bad} failed, ${poor} warning${poor === 1 ? "" : "s"}.`,
    );
  process.exitCode = bad === 0 ? 0 : 1;
}

async function examine(check: Check, around: Surroundings): Promise<readonly Finding[]> {
  try {
    const finding = await check.run(around);
    return "state" in finding ? [finding] : finding;
  } catch (error) {
    return [
      failed(
        `could not be checked: ${error instanceof Error ? error.message : String(error)}`,
        "fix the reported problem, then run this again",
      ),
    ];
  }
}

function print({ name, state, message, remedy }: Named) {
  console.log(`${MARK[state]} ${name.padEnd(NAME_WIDTH)}  ${message}`);
  if (remedy) console.log(`${" ".repeat(8 + NAME_WIDTH)}  ${pc.dim(`-> ${remedy}`)}`);
}
