import type { RedTeamPlugin } from "@treadle/contract";
import { excessiveAgency } from "./agency.ts";
import { bias, harmfulTopics } from "./content.ts";
import { documentInjection, promptInjection, toolInjection } from "./injections.ts";
import type { Plugin } from "./plugin.ts";
import { jailbreak, personalData, systemPrompt } from "./secrets.ts";

/** In the order in which a list shows them. */
export const PLUGINS: readonly Plugin[] = [
  promptInjection,
  documentInjection,
  toolInjection,
  jailbreak,
  systemPrompt,
  personalData,
  excessiveAgency,
  harmfulTopics,
  bias,
];

export function pluginOf(id: RedTeamPlugin): Plugin {
  const plugin = PLUGINS.find((one) => one.id === id);
  if (!plugin) throw new Error(`There is no plugin "${id}".`);
  return plugin;
}
