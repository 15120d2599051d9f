import type { Command } from "commander";
import { addOperation } from "../operations/add-operation.ts";
import { findOperation } from "../operations/manifest.ts";
import type { Io } from "../shared/io.ts";

export function addTail(program: Command, io: Io) {
  const columns = ["startTime", "status", "kind", "name", "requestModel", "durationMs", "costUsd", "traceId"];
  addOperation(program.command("tail"), { ...findOperation("watchSpans"), columns }, { io });
}
