import type { Command } from "commander";
import { addPromptDiff } from "./prompt-diff.ts";
import { addPromptPull } from "./prompt-pull.ts";
import { addPromptPush } from "./prompt-push.ts";

/** Prompts as files of a repository. */
export function addPrompt(program: Command) {
  const group = program
    .command("prompt")

    .helpCommand(false);
  addPromptPull(group);
  addPromptPush(group);
  addPromptDiff(group);
}
