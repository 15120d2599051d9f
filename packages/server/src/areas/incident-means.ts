import type { Scope } from "../kernel/scope.ts";
import type { Connections } from "../modules/build/connections/index.ts";
import type { Gateway } from "../modules/build/gateway/index.ts";
import type { Evals } from "../modules/evaluate/experiments/index.ts";
import type { EvidenceMeans, ReleasedRollout } from "../modules/observe/incidents/index.ts";
import type { Rollouts } from "../modules/release/rollouts/index.ts";

/** Runs are looked for among the newest. */
const MOST_RUNS = 200;
const MOST_ROLLOUTS = 200;

type Sources = {
  readonly connections: Pick<Connections, "list">;
  readonly gateway: Pick<Gateway, "listOpenCircuits">;
  readonly rollouts: Pick<Rollouts, "list">;
  readonly runs: Pick<Evals["runs"], "list">;
};

/** What incidents read from modules that are opened later. */
export const incidentMeans = (sources: () => Sources): EvidenceMeans => ({
  async listBreakers(scope) {
    const { connections, gateway } = sources();
    const own = new Map((await connections.list(scope)).map(({ connectionId, slug }) => [connectionId, slug]));
    return gateway.listOpenCircuits().flatMap(({ connectionId, model, state }) => {
      const connection = connectionId === "local" ? "local" : own.get(connectionId);
      return connection === undefined ? [] : [{ connection, model, state }];
    });
  },

  async listRollouts(scope, since) {
    const { items } = await sources().rollouts.list(scope, { limit: MOST_ROLLOUTS });
    return items.flatMap(({ rolloutId, endpoint, candidate, state, startedAt, endedAt }): ReleasedRollout[] => {
      const isOpen = state === "running" || state === "holding" || state === "paused";
      const isRecent = state === "promoted" && endedAt !== null && Date.parse(endedAt) >= since.getTime();
      if (startedAt === null || !(isOpen || isRecent)) return [];
      return [{ rolloutId, endpoint, candidate, state, startedAt, endedAt }];
    });
  },

  findRun: (scope, prompt) => findRun(sources().runs, scope, prompt),
});

async function findRun(
  runs: Pick<Evals["runs"], "list">,
  scope: Scope,
  { name, version }: { readonly name: string; readonly version: number },
): Promise<string | null> {
  const { items } = await runs.list(scope, { limit: MOST_RUNS, search: "", status: "done" });
  const run = items.find(({ variant }) => variant?.prompt?.name === name && variant.prompt.version === version);
  return run?.runId ?? null;
}
