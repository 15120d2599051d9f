import { type Command, InvalidArgumentError } from "commander";
import { addOperation } from "../operations/add-operation.ts";
import { findOperation } from "../operations/manifest.ts";
import type { Io } from "../shared/io.ts";

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export function addTraces(program: Command, io: Io) {
  const columns = ["traceId", "startTime", "name", "status", "models", "durationMs", "costUsd", "inputPreview"];
  const command = program
    .command("traces")
    .option("--since <duration>", "only traces of the last 30s, 15m, 2h or 7d", toStart);
  addOperation(
    command,
    { ...findOperation("listTraces"), columns },
    {
      io,
      adapt: (options) => ({ ...options, from: options.from ?? options.since }),
    },
  );
}

/** The time so long ago. */
function toStart(text: string): string {
  const [, amount, unit = ""] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (amount === undefined) throw new InvalidArgumentError("Use a duration such as 30s, 15m, 2h or 7d.");
  return new Date(Date.now() - Number(amount) * (UNITS[unit] ?? 0)).toISOString();
}
