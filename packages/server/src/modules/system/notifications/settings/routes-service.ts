import type { NotificationRoute, RouteInput, RoutePatch } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createChannelStore } from "../stores/channel-store.ts";
import type { NotificationsDeps } from "../stores/deps.ts";
import { createRouteStore, toRoute } from "../stores/route-store.ts";

const MAX_ROUTES = 50;

type Deps = Pick<NotificationsDeps, "db" | "audit" | "clock">;

/** The ordered routes of a project: each change is one transaction with its audit entry. */
export function createRoutes(deps: Deps) {
  const list = async (projectId: string) => (await createRouteStore(deps.db).list(projectId)).map(toRoute);
  return {
    list: ({ projectId }: Scope): Promise<NotificationRoute[]> => list(projectId),
    create: (scope: Scope, rule: RouteInput): Promise<NotificationRoute> => createRoute(deps, scope, rule),
    update: (scope: Scope, routeId: string, patch: RoutePatch): Promise<NotificationRoute> =>
      updateRoute(deps, scope, { routeId, patch }),
    delete: (scope: Scope, routeId: string): Promise<void> => deleteRoute(deps, scope, routeId),
    async reorder(scope: Scope, routeIds: readonly string[]): Promise<NotificationRoute[]> {
      await reorderRoutes(deps, scope, routeIds);
      return list(scope.projectId);
    },
  };
}

const createRoute = ({ db, audit, clock }: Deps, scope: Scope, rule: RouteInput): Promise<NotificationRoute> =>
  db.transaction(async (tx) => {
    const store = createRouteStore(tx);
    const known = await store.list(scope.projectId);
    if (known.length >= MAX_ROUTES)
      throw new AppError("unprocessable", {
        message: `A project has at most ${MAX_ROUTES} routes. Delete one first.`,
      });
    await checkChannels(tx, scope, rule);
    const now = clock.now();
    const at = new Date(now);
    const place = (known.at(-1)?.place ?? 0) + 1;
    const row = { id: newId("nroute", now), projectId: scope.projectId, place, rule, createdAt: at, updatedAt: at };
    await store.create(row);
    const details = { name: rule.name };
    await audit.record(scope, { action: "notification-route.create", target: row.id, details }, tx);
    return toRoute(row);
  });

type Update = { readonly routeId: string; readonly patch: RoutePatch };

const updateRoute = (
  { db, audit, clock }: Deps,
  scope: Scope,
  { routeId, patch }: Update,
): Promise<NotificationRoute> =>
  db.transaction(async (tx) => {
    const store = createRouteStore(tx);
    const known = await store.find(scope.projectId, routeId);
    if (!known) throw notFound("notification route", routeId);
    const rule = { ...known.rule, ...patch };
    await checkChannels(tx, scope, rule);
    const updatedAt = new Date(clock.now());
    await store.update(scope.projectId, routeId, { rule, updatedAt });
    const details = { name: rule.name, fields: Object.keys(patch) };
    await audit.record(scope, { action: "notification-route.update", target: routeId, details }, tx);
    return toRoute({ ...known, rule, updatedAt });
  });

const deleteRoute = ({ db, audit }: Deps, scope: Scope, routeId: string): Promise<void> =>
  db.transaction(async (tx) => {
    const row = await createRouteStore(tx).delete(scope.projectId, routeId);
    if (!row) throw notFound("notification route", routeId);
    const details = { name: row.rule.name };
    await audit.record(scope, { action: "notification-route.delete", target: routeId, details }, tx);
  });

const reorderRoutes = ({ db, audit }: Deps, scope: Scope, routeIds: readonly string[]): Promise<void> =>
  db.transaction(async (tx) => {
    const store = createRouteStore(tx);
    const known = (await store.list(scope.projectId)).map(({ id }) => id);
    if (known.toSorted().join() !== routeIds.toSorted().join())
      throw new AppError("conflict", {
        message: "The routes have changed. Load them again, and name each route once.",
      });
    for (const [place, routeId] of routeIds.entries()) await store.update(scope.projectId, routeId, { place });
    await audit.record(scope, { action: "notification-route.reorder", target: scope.projectId }, tx);
  });

async function checkChannels(tx: Postgres, scope: Scope, { channelIds, escalation }: RouteInput): Promise<void> {
  const known = new Set((await createChannelStore(tx).list(scope.projectId)).map(({ id }) => id));
  for (const channelId of [...channelIds, ...(escalation?.channelIds ?? [])])
    if (!known.has(channelId)) throw notFound("notification channel", channelId);
}
