import type { Detector } from "../detector.ts";
import { findRepeated, wordRuns } from "../leaks/prompt-overlap.ts";
import { findInEveryView } from "./find-in-views.ts";

export type PromptLeakOptions = {
  /** Without it, the system messages of the call. */
  readonly systemPrompt?: string | undefined;
};

/** System prompts are long and few, and each is used for many answers. */
const MOST_PROMPTS = 50;
const known = new Map<string, ReadonlySet<number>>();

/** Parts of the system prompt in a text: eight words in the same order, also decoded. */
export const promptLeak: Detector<PromptLeakOptions> = {
  name: "prompt-leak",
  version: 1,
  isDeterministic: true,
  need: "whole",
  reads: ["tool-arguments", "output"],
  uses: ["systemPrompt"],
  find(prepared, { systemPrompt }, call) {
    const prompt = systemPrompt ?? call?.systemPrompt ?? "";
    if (prompt === "") return [];
    return findInEveryView("prompt-leak", prepared, (text) =>
      findRepeated(text, runsOf(prompt)).map((span) => ({ ...span, kind: "system-prompt" })),
    );
  },
};

function runsOf(systemPrompt: string): ReadonlySet<number> {
  const existing = known.get(systemPrompt);
  if (existing) return existing;
  const runs = wordRuns(systemPrompt);
  if (known.size >= MOST_PROMPTS) known.clear();
  known.set(systemPrompt, runs);
  return runs;
}
