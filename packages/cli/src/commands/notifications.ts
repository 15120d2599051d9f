import type { Command } from "commander";
import { addOperation } from "../operations/add-operation.ts";
import { findOperation } from "../operations/manifest.ts";
import type { Io } from "../shared/io.ts";

export function addNotifications(program: Command, io: Io) {
  const columns = ["at", "severity", "event", "title", "subjectId"];
  const tail = program.command("notifications").command("tail");
  addOperation(tail, { ...findOperation("watchNotices"), columns }, { io });
}
