import type { CallPrompt } from "../request/caller-facts.ts";

/** The prompt of a call. If the gateway filled it in, a replay can fill in another one with the same variables. */
export const promptAttributes = ({ name, version, filled }: CallPrompt) => ({
  "gen_ai.prompt.name": name,
  "gen_ai.prompt.version": version,
  ...(filled && { "treadle.prompt.inputs": filled.inputs, "treadle.prompt.messages": filled.messages }),
});
