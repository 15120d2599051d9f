import { parseFilter, type Severity } from "@treadle/contract";
import { type Scope, systemScope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Acknowledgement } from "../../system/notifications/index.ts";
import { matchesPattern } from "../traces/index.ts";
import type { IncidentsDeps } from "./deps.ts";
import { createIncidentStore, type IncidentRow } from "./stores/incident-store.ts";
import { changeIncident, decisions, nameOf, recordStep } from "./transitions.ts";

/** What other modules call. */
export const createCalls = (deps: IncidentsDeps) => ({
  ...createAcknowledgement(deps),
  ...createSeverities(deps),
  ...createRolloutNotes(deps),
});

const createAcknowledgement = (deps: IncidentsDeps) => ({
  /**
   * Acknowledges for the person behind a signed link of a notification, who is not signed in. Acknowledging twice, or
   * after the end, changes nothing.
   */
  async acknowledgeBySubject(projectId: string, incidentId: string, by: string): Promise<Acknowledgement> {
    const existing = await createIncidentStore(deps.db).find(projectId, incidentId);
    if (!existing) return "not-found";
    if (existing.state !== "open") return "already-acknowledged";
    const scope: Scope = { ...systemScope(projectId), actor: by };
    const person = { actor: by, by: await nameOf(deps, projectId, by) };
    const decide = decisions.acknowledge({ ...person, note: "", at: new Date(deps.clock.now()) });
    await deps.db.transaction((tx) =>
      changeIncident(deps, tx, {
        scope,
        incidentId,
        decide: (current) => (current.state === "resolved" ? null : decide(current)),
        action: "incident.acknowledge",
      }),
    );
    return "acknowledged";
  },
});

/** More open incidents than this are not read for a status page. */
const MOST_OPEN = 500;

const createSeverities = ({ db }: IncidentsDeps) => ({
  /** The severities of the unresolved incidents of one endpoint: by their filter, or by their label `endpoint`. */
  async openSeveritiesOf(projectId: string, endpoint: string): Promise<Severity[]> {
    const query = { state: "unresolved", limit: MOST_OPEN, before: null } as const;
    const rows = await createIncidentStore(db).list(projectId, query);
    return rows.filter((row) => concerns(row, endpoint)).map(({ severity }) => severity);
  },
});

/** Whether the label or a condition of the filter names the endpoint. */
function concerns({ filter, labels }: Pick<IncidentRow, "filter" | "labels">, endpoint: string): boolean {
  if (labels.endpoint === endpoint) return true;
  const tree = parseFilter(filter ?? "").filter;
  const terms = tree?.type === "and" ? tree.nodes : tree ? [tree] : [];
  return terms.some(
    (term) =>
      term.type === "field" &&
      term.field === "endpoint" &&
      term.operator === ":" &&
      term.values.some((pattern) => matchesPattern(endpoint, pattern)),
  );
}

const createRolloutNotes = (deps: IncidentsDeps) => ({
  /** Within the transaction in which a rollout reacts to the monitor of the incident. */
  async noteRollout(tx: Postgres, scope: Scope, { incidentId, rolloutId, text }: RolloutNote): Promise<void> {
    const row = await createIncidentStore(tx).find(scope.projectId, incidentId);
    if (!row) return;
    const at = new Date(deps.clock.now());
    const step = { kind: "rollout", text, actor: scope.actor, at, path: `/rollouts/${rolloutId}` } as const;
    await recordStep(deps, tx, { scope, row, step });
  },
});
type RolloutNote = { readonly incidentId: string; readonly rolloutId: string; readonly text: string };
