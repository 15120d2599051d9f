import type { Command } from "commander";
import { addOperation } from "../../operations/add-operation.ts";
import { findOperation } from "../../operations/manifest.ts";
import type { Io } from "../../shared/io.ts";

export function addQueues(program: Command, io: Io) {
  const columns = ["queueId", "name", "items.total", "items.open", "items.done", "items.toReview", "dueAt"];
  addOperation(program.command("queues"), { ...findOperation("listAnnotationQueues"), columns }, { io });
}
