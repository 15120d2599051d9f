import { ExperimentSpent } from "@treadle/contract";
import { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { JobHandler, JobKind } from "../../../../platform/jobs/port.ts";
import { generateAttacks } from "../attacks/generate-attacks.ts";
import type { RedTeamDeps } from "../stores/deps.ts";
import { createRedTeamStore, type RedTeamRow } from "../stores/red-team-store.ts";
import { experimentOf, tagOf } from "./experiment-input.ts";
import { type Rewriting, rewriteRequests } from "./rewrite-requests.ts";
import { storeAttacks } from "./store-attacks.ts";

const Payload = z.object({ redTeamRunId: z.string() });
const State = z.object({ texts: z.record(z.string(), z.string()), spent: ExperimentSpent });
type Payload = z.output<typeof Payload>;
type State = z.output<typeof State>;

export const redTeamJob: JobKind<Payload, State> = { name: "red-team", payload: Payload, state: State };

export const NOTHING_SPENT: ExperimentSpent = { calls: 0, tokens: 0, usd: 0, unpricedCalls: 0 };

export const orderOf = ({ id, name }: Pick<RedTeamRow, "id" | "name">) => ({
  kind: redTeamJob,
  payload: { redTeamRunId: id },
  title: `Red team ${name}`.slice(0, 200),
  subject: id,
});

/** Makes the attacks, stores them and starts the experiment. A step that is done is not repeated. */
export const createPrepareRedTeam = (deps: RedTeamDeps): JobHandler<Payload, State> => ({
  async run({ scope, payload: { redTeamRunId }, state, signal, report, save }) {
    const store = createRedTeamStore(deps.db);
    const row = await store.find(scope.projectId, redTeamRunId);
    if (!row) throw new AppError("not_found", { message: "The red team run was deleted." });
    report({ message: "Making the attacks" });
    const rewriting = await rewriteRequests(deps, scope, {
      row,
      done: state ?? { texts: {}, spent: row.attackerSpent },
      signal,
      save: async (done) => save({ ...done, texts: { ...done.texts } }),
    });
    await store.update(scope.projectId, row.id, { attackerSpent: rewriting.spent, warnings: warningsOf(rewriting) });
    const items = generateAttacks(row.input, new Map(Object.entries(rewriting.texts)));
    const version = await storeAttacks(deps, scope, { datasetId: row.datasetId, items, signal });
    const experimentId = await startExperiment(deps, scope, { row, rewriting, version });
    await store.update(scope.projectId, row.id, { experimentId, state: "started", error: null });
    return { redTeamRunId, experimentId, requests: items.length };
  },
});

function warningsOf({ texts }: Rewriting): string[] {
  const empty = Object.values(texts).filter((text) => text === "").length;
  if (empty === 0) return [];
  return [`The attacker model gave no text for ${empty} of ${Object.keys(texts).length} requests. They are unchanged.`];
}

type Starting = { readonly row: RedTeamRow; readonly rewriting: Rewriting; readonly version: string };

async function startExperiment(deps: RedTeamDeps, scope: Scope, { row, rewriting, version }: Starting) {
  const { experiments } = deps.experiments;
  const [existing] = (await experiments.list(scope, { tag: tagOf(row.id), search: "", limit: 1 })).items;
  if (existing) return existing.experimentId;
  const { input, guards } = experimentOf(row, { version, usd: restOf(row.input.budget.usd, rewriting.spent) });
  return (await experiments.start(scope, input, guards)).experimentId;
}

/** The experiment needs a budget above zero. */
const LEAST_USD = 1e-9;
const restOf = (usd: number | null, spent: ExperimentSpent) =>
  usd === null ? null : Math.max(LEAST_USD, usd - spent.usd);
