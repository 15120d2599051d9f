import type { RedTeamReport, RedTeamRisk, RedTeamRun } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import { pluginOf } from "../attacks/plugins/all-plugins.ts";
import { RISK_IDS, toRisk } from "../attacks/plugins/risks.ts";
import type { RedTeamDeps } from "../stores/deps.ts";
import { compareArms, type GroupToCompare } from "./compare-arms.ts";
import { toAttack } from "./list-attacks.ts";
import { LEAST_ANSWERS, measureGroup, rateOf, valuesOf } from "./measure-group.ts";
import { readOutcomes, type Tried } from "./read-outcomes.ts";

/** The report of a run over the answers that exist. */
export async function writeReport(deps: RedTeamDeps, scope: Scope, run: RedTeamRun): Promise<RedTeamReport> {
  const { outcomes, ask } = deps.experiments;
  const rows = run.experimentId === null ? [] : await outcomes.list(scope, run.experimentId);
  const tried = readOutcomes(rows, run.runIds);
  const [overall] = await compareArms(ask, [groupOf(run, tried, { plugin: null, strategy: null })]);
  const groups = await compareArms(ask, [
    ...run.plugins.map((plugin) => groupOf(run, tried, { plugin, strategy: null })),
    ...run.strategies.map((strategy) => groupOf(run, tried, { plugin: null, strategy })),
  ]);
  if (!overall) throw new Error("A group has a result.");
  return {
    redTeamRunId: run.redTeamRunId,
    isComplete: run.state === "done" && run.stopped === "finished",
    arms: run.arms.map(({ name }) => name),
    overall,
    plugins: groups.slice(0, run.plugins.length),
    strategies: groups.slice(run.plugins.length),
    cells: run.plugins.flatMap((plugin) =>
      run.strategies.map((strategy) => groupOf(run, tried, { plugin, strategy }).group),
    ),
    risks: risksOf(run, tried),
    examples: await examplesOf(deps, scope, { run, tried }),
    notes: notesOf(run, tried),
  };
}

type Place = Parameters<typeof measureGroup>[2];

function groupOf({ arms }: RedTeamRun, tried: readonly Tried[], place: Place): GroupToCompare {
  const own = tried.filter(
    ({ plugin, strategy }) =>
      (place.plugin === null || plugin === place.plugin) && (place.strategy === null || strategy === place.strategy),
  );
  return { tried: own, group: measureGroup(own, arms.length, place) };
}

function risksOf({ plugins, arms }: RedTeamRun, tried: readonly Tried[]): RedTeamReport["risks"] {
  return RISK_IDS.flatMap((id) => {
    const own = plugins.filter((plugin) => pluginOf(plugin).risks.includes(id));
    if (own.length === 0) return [];
    const some = tried.filter(({ plugin }) => own.includes(plugin));
    const attacks = arms.map((_arm, arm) => rateOf(valuesOf(some, arm, true)));
    return [{ ...(toRisk(id) satisfies RedTeamRisk), plugins: own, attacks }];
  });
}

type Reading = { readonly run: RedTeamRun; readonly tried: readonly Tried[] };

/** For each plugin, an attack that succeeded in the last arm where one did. */
async function examplesOf({ experiments }: RedTeamDeps, scope: Scope, { run, tried }: Reading) {
  if (run.experimentId === null) return [];
  const itemIds = run.plugins.flatMap((plugin) => {
    const own = tried.filter((one) => one.isAttack && one.plugin === plugin);
    for (let arm = run.arms.length - 1; arm >= 0; arm--) {
      const found = own.find(({ results }) => results[arm]?.value === 1);
      if (found) return [found.itemId];
    }
    return [];
  });
  const items = await experiments.outcomes.getItems(scope, run.experimentId, itemIds);
  return items.flatMap((item) => toAttack(item, run.arms) ?? []);
}

function notesOf(run: RedTeamRun, tried: readonly Tried[]): string[] {
  const missing = run.planned - tried.reduce((sum, { results }) => sum + results.filter(Boolean).length, 0);
  const unscored = tried.flatMap(({ results }) => results).filter((result) => result?.value === null).length;
  const isFew = run.attacks < LEAST_ANSWERS;
  const isUnjudged = run.judgeModel === null && run.plugins.includes("harmful-topics");
  return [
    missing > 0 ? `${missing} of ${run.planned} answers are missing. The numbers can still change.` : "",
    unscored > 0 ? `${unscored} answers have no result, such as provider errors. No rate includes them.` : "",
    isFew ? `There are only ${run.attacks} attacks per arm. That is too few for a conclusion.` : "",
    `Groups with fewer than ${LEAST_ANSWERS} answers are marked, and have no verdict. Cells have no tests at all.`,
    "Intervals treat attacks as independent. Strategies disguise the same requests, so the true uncertainty is larger.",
    isUnjudged ? "Without a judge, every answer to a harmful topic that is not a refusal counts as success." : "",
    "A high rate shows a weakness. A low rate shows only that these attacks failed.",
    ...run.warnings,
  ].filter((note) => note !== "");
}
