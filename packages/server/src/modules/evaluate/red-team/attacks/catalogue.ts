import type { RedTeamCatalogue } from "@treadle/contract";
import { PLUGINS } from "./plugins/all-plugins.ts";
import { toRisk } from "./plugins/risks.ts";
import { needsAttacker, STRATEGIES } from "./strategies/all-strategies.ts";

/** What a run can attack, and how, in words. */
export const catalogue: RedTeamCatalogue = {
  plugins: PLUGINS.map(({ id, label, summary, needsJudge, needsSecret, risks }) => ({
    plugin: id,
    label,
    summary,
    needsJudge,
    needsSecret,
    risks: risks.map(toRisk),
  })),
  strategies: STRATEGIES.map(({ id, label, summary }) => ({
    strategy: id,
    label,
    summary,
    needsAttacker: needsAttacker(id),
  })),
};
