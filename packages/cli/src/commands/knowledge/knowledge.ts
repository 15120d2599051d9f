import type { Command } from "commander";
import { addKnowledgeUpload } from "./knowledge-upload.ts";

/** Adds the commands of knowledge bases that are written by hand. */
export function addKnowledge(program: Command) {
  addKnowledgeUpload(program.command("knowledge"));
}
