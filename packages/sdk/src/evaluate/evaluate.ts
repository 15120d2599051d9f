import type { Client } from "../client.ts";
import { answerItems } from "./answer-items.ts";
import type { Decision, Evaluation, EvaluationOptions, Run, RunItem } from "./evaluation.ts";
import { EvaluationFailed, ProviderErrors } from "./evaluation-error.ts";
import { findScorers, scoreName } from "./find-scorers.ts";
import { readItems } from "./read-items.ts";
import { showEvaluation } from "./show-evaluation.ts";
import { uploadRun } from "./upload-run.ts";

const WORST = 5;

/**
 * Has a program answer items, brings the answers to the server as a run, has them scored there, and decides by a gate. A floor
 * fails only when chance is ruled out: while a score's interval holds its floor the outcome is `inconclusive`, with about how
 * many more items would decide. Throws `EvaluationFailed` for what did not pass and `ProviderErrors` where nothing was found out.
 */
export async function evaluate(options: EvaluationOptions): Promise<Evaluation> {
  const { client, name, task, signal, repeats = 1, concurrency = 4, tags = [], source } = options;
  const scorers = await findScorers(client, options.scorers);
  checkFloor(options.floor, scorers.map(scoreName));
  const wanted = await readItems(client, options.items);
  const answers = await answerItems(wanted, { task, repeats, concurrency, signal });
  const body = { name, suite: name, scorers, repeats, tags: [...tags], ...wanted.dataset, ...(source && { source }) };
  const run = await uploadRun(client, { body, answers });
  const decision = await decide(run, options);
  const isOpen = decision.outcome === "pass" && decision.scorers.some(({ outcome }) => outcome === "inconclusive");
  const outcome = isOpen ? "inconclusive" : decision.outcome;
  const found = { outcome, hasPassed: decision.outcome === "pass", run, decision, worst: await listWorst(client, run) };
  const evaluation = { ...found, text: showEvaluation(found) };
  if (outcome === "provider-errors") throw new ProviderErrors(evaluation.text, evaluation);
  if (!evaluation.hasPassed) throw new EvaluationFailed(evaluation);
  return evaluation;
}

async function decide(run: Run, options: EvaluationOptions): Promise<Decision> {
  const { client, name, baseline, margin, maxErrorShare, inconclusive = "pass" } = options;
  const keys = run.scorers.filter(({ output }) => output.direction !== "none").map(({ key }) => key);
  const floors = floorsOf(options.floor, keys);
  const rules = {
    floorBy: "interval" as const,
    onInconclusive: inconclusive,
    scorers: keys.map((scorer) => ({ scorer, floor: floors[scorer] ?? null })),
    ...(margin !== undefined && { margin }),
    ...(maxErrorShare !== undefined && { maxErrorShare }),
  };
  const base =
    baseline === undefined ? null : "runId" in baseline ? baseline : { suite: name, branch: baseline.branch };
  return client.call("POST /api/v1/gates/decide", { body: { head: run.runId, base, rules } });
}

/** Before anything is asked or paid. */
function checkFloor(floor: EvaluationOptions["floor"], names: readonly string[]): void {
  const unknown = typeof floor === "object" ? Object.keys(floor).find((name) => !names.includes(name)) : undefined;
  if (unknown !== undefined) throw new Error(`floor: "${unknown}" is not one of the scorers: ${names.join(", ")}.`);
}

function floorsOf(floor: EvaluationOptions["floor"], keys: readonly string[]): Readonly<Record<string, number>> {
  if (floor === undefined) return {};
  const [main] = keys;
  const floors = typeof floor === "number" ? (main === undefined ? {} : { [main]: floor }) : floor;
  const unknown = Object.keys(floors).find((key) => !keys.includes(key));
  if (unknown !== undefined || (typeof floor === "number" && main === undefined))
    throw new Error(
      `floor: "${unknown ?? "the main score"}" is not a score where higher or lower is better. Such scores: ${keys.join(", ") || "none"}.`,
    );
  return floors;
}

/** Those without an answer first, then the lowest of the main score, or the highest where less is better. */
async function listWorst(client: Client, { runId, scorers, errors }: Run): Promise<RunItem[]> {
  const list = (query: object) =>
    client.call("GET /api/v1/runs/:runId/items", { params: { runId }, query: { limit: WORST, ...query } });
  const main = scorers.find(({ output }) => output.direction !== "none");
  const failed = errors > 0 ? (await list({ state: "error" })).items : [];
  if (!main) return failed;
  const sort = main.output.direction === "lower" ? "-score" : "score";
  const { items } = await list({ scorer: main.key, sort, state: "ok" });
  return [...failed, ...items].slice(0, WORST);
}
