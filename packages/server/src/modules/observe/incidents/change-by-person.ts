import type { Incident, IncidentInput, IncidentPatch } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { IncidentsDeps } from "./deps.ts";
import { begin, isHigher } from "./sink.ts";
import { createIncidentStore, type IncidentRow } from "./stores/incident-store.ts";
import { changeIncident, decisions, nameOf, type Step } from "./transitions.ts";

const HOUR_MS = 3_600_000;
type Show = (scope: Scope, row: IncidentRow) => Promise<Incident>;

/** What people do with incidents. */
export function createPersonChanges(deps: IncidentsDeps, show: Show) {
  const { db, clock } = deps;
  const act =
    (verb: keyof typeof decisions) =>
    async (scope: Scope, incidentId: string, note: string): Promise<Incident> => {
      const at = new Date(clock.now());
      const by = await nameOf(deps, scope.projectId, scope.actor);
      const decide = decisions[verb]({ actor: scope.actor, by, note, at });
      const change = { scope, incidentId, decide, action: `incident.${verb}` };
      return show(scope, await db.transaction((tx) => changeIncident(deps, tx, change)));
    };
  return {
    acknowledge: act("acknowledge"),
    resolve: act("resolve"),
    reopen: act("reopen"),
    create: (scope: Scope, input: IncidentInput): Promise<Incident> => create(deps, show, { scope, input }),
    update: (scope: Scope, incidentId: string, patch: IncidentPatch): Promise<Incident> =>
      update(deps, show, { scope, incidentId, patch }),
  };
}

async function create(deps: IncidentsDeps, show: Show, { scope, input }: { scope: Scope; input: IncidentInput }) {
  const { db, audit, clock } = deps;
  await checkOwner(deps, scope, input.ownerId);
  const at = new Date(clock.now());
  const row = manualIncident(scope, input, at);
  const person = { actor: scope.actor, by: await nameOf(deps, scope.projectId, scope.actor) };
  await db.transaction(async (tx) => {
    await createIncidentStore(tx).create(row);
    await begin(deps, tx, { scope, row, at, person });
    const details = { title: row.title, severity: row.severity };
    await audit.record(scope, { action: "incident.create", target: row.id, details }, tx);
  });
  return show(scope, row);
}

function manualIncident({ projectId }: Scope, { from: text, ...input }: IncidentInput, at: Date): IncidentRow {
  const from = text === undefined ? new Date(at.getTime() - HOUR_MS) : new Date(text);
  if (from >= at)
    throw new AppError("invalid_request", {
      message: "body.from: the affected time range must begin in the past.",
      details: { param: "from" },
    });
  return {
    id: newId("inc", at.getTime()),
    projectId,
    sourceKind: "manual",
    sourceId: "",
    sourceName: "",
    series: "",
    state: "open",
    ...input,
    facts: [],
    isMuted: false,
    from,
    openedAt: at,
    acknowledgedAt: null,
    resolvedAt: null,
    reopenings: 0,
    updatedAt: at,
  };
}

type Update = { readonly scope: Scope; readonly incidentId: string; readonly patch: IncidentPatch };

async function update(deps: IncidentsDeps, show: Show, { scope, incidentId, patch }: Update): Promise<Incident> {
  await checkOwner(deps, scope, patch.ownerId ?? null);
  const owner = patch.ownerId ? await nameOf(deps, scope.projectId, patch.ownerId) : "";
  const by = await nameOf(deps, scope.projectId, scope.actor);
  const at = new Date(deps.clock.now());
  const row = await deps.db.transaction((tx) =>
    changeIncident(deps, tx, {
      scope,
      incidentId,
      action: "incident.update",
      decide: (current) => ({
        changes: { ...patch, updatedAt: at },
        steps: stepsOf(current, patch, owner).map((step) => ({ ...step, actor: scope.actor, by, at })),
      }),
    }),
  );
  return show(scope, row);
}

type Told = Omit<Step, "actor" | "by" | "at">;

/** The steps of an update. Only a higher severity is announced. */
function stepsOf(row: IncidentRow, patch: IncidentPatch, owner: string): Told[] {
  const {
    severity = row.severity,
    ownerId = row.ownerId,
    title = row.title,
    text = row.text,
    runbookUrl = row.runbookUrl,
  } = patch;
  const moved = `The severity changed from ${row.severity} to ${severity}.`;
  const steps: (Told | null)[] = [
    severity === row.severity
      ? null
      : isHigher(severity, row.severity)
        ? { kind: "escalated", text: moved, notice: "escalated" }
        : { kind: "severity", text: moved },
    ownerId === row.ownerId ? null : { kind: "owner", text: ownerId === null ? "No owner." : `Owner: ${owner}.` },
    title !== row.title || text !== row.text || runbookUrl !== row.runbookUrl
      ? { kind: "edited", text: title === row.title ? "The description changed." : `Title: ${title}` }
      : null,
  ];
  return steps.filter((step) => step !== null);
}

async function checkOwner({ isMember }: IncidentsDeps, { projectId }: Scope, ownerId: string | null): Promise<void> {
  if (ownerId === null || (await isMember(projectId, ownerId))) return;
  throw new AppError("unprocessable", {
    message: `"${ownerId}" is not a member of this project. Choose a member as the owner.`,
    details: { param: "ownerId" },
  });
}
