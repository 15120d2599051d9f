import type { Project } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { DAY_MS } from "../../../../kernel/day.ts";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Jobs } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Audit } from "../../audit/index.ts";
import type { Authentication } from "../sign-in/authenticate.ts";
import { createMemberStore } from "../stores/member-store.ts";
import { rightsInProject } from "../stores/project-access.ts";
import { createProjectStore } from "../stores/project-store.ts";
import { systemOf } from "./first-project.ts";
import { PURGE } from "./purge-project.ts";

export type LifecycleDeps = {
  readonly db: Postgres;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  readonly authentication: Pick<Authentication, "forgetProject" | "forgetAllSessions">;
  readonly jobs: Pick<Jobs, "send" | "list" | "cancel">;
  /** How long a deleted project can be restored. */
  readonly graceDays: number;
  /** Ends work that would continue outside the jobs, such as training. */
  readonly endWork: (scope: Scope) => Promise<void>;
};

/** Makes, renames, archives, deletes and restores projects. */
export function createLifecycle(deps: LifecycleDeps) {
  const { db, audit, clock, authentication, jobs, endWork } = deps;
  /** Changes one project in a transaction that holds its row, and writes that down in the project's audit log. */
  async function change(scope: Scope, projectId: string, act: Act): Promise<Project> {
    const changed = await db.transaction(async (tx) => {
      const project = await findManaged(tx, scope, projectId);
      const { state, action, details = {} } = await act(project, tx);
      const result = await createProjectStore(tx).update(projectId, state);
      if (!result) throw notFound("project", projectId);
      const entry = { action, target: projectId, details: { name: result.name, ...details } };
      await audit.record({ ...scope, projectId }, entry, tx);
      return result;
    });
    authentication.forgetProject(projectId);
    return changed;
  }

  return {
    /** The caller's projects. With `projects:manage`, all projects of the server. */
    async list({ userId, projectId, permissions }: Scope): Promise<{ items: Project[] }> {
      const store = createProjectStore(db);
      if (permissions.has("projects:manage")) return { items: await store.listAll() };
      if (userId !== null) return { items: await store.listOf(userId) };
      const own = await store.find(projectId);
      return { items: own ? [own] : [] };
    },

    async create(scope: Scope, name: string): Promise<Project> {
      const now = new Date(clock.now());
      const id = newId("project", now.getTime());
      const created = await db.transaction(async (tx) => {
        const store = createProjectStore(tx);
        await store.create({ id, name, createdAt: now });
        if (scope.userId === null) await store.copyOwners(scope.projectId, id, now);
        else await createMemberStore(tx).create({ projectId: id, userId: scope.userId, role: "owner", createdAt: now });
        await audit.record(
          { ...scope, projectId: id },
          { action: "project.create", target: id, details: { name } },
          tx,
        );
        return store.find(id);
      });
      if (!created) throw notFound("project", id);
      authentication.forgetAllSessions();
      return created;
    },

    rename: (scope: Scope, projectId: string, name: string) =>
      change(scope, projectId, async (project) => {
        if (project.state === "deleted") throw wrongState(project, "Restore the project before you rename it.");
        return { state: { name }, action: "project.update", details: { from: project.name } };
      }),

    archive: (scope: Scope, projectId: string) =>
      change(scope, projectId, async (project) => {
        refuseFirst(project, "archived");
        if (project.state !== "active") throw wrongState(project, "Only an active project can be archived.");
        return { state: { archivedAt: new Date(clock.now()) }, action: "project.archive" };
      }),

    /** For an archived project, or a deleted one until the removal of its data starts. */
    async restore(scope: Scope, projectId: string): Promise<Project> {
      const restored = await change(scope, projectId, async (project) => {
        if (project.state === "active")
          throw wrongState(project, "The project is active, so there is nothing to restore.");
        if (project.purgeAt !== null && Date.parse(project.purgeAt) <= clock.now())
          throw wrongState(project, "Its data is being removed, so it can no longer be restored.");
        const state = { archivedAt: null, deletedAt: null, purgeAt: null };
        return { state, action: "project.restore", details: { from: project.state } };
      });
      await cancelPurge({ db, jobs }, projectId);
      return restored;
    },

    /** `confirm` is the project's name. Its keys stop working with this call's answer. */
    async delete(scope: Scope, projectId: string, confirm: string): Promise<Project> {
      const deleted = await change(scope, projectId, (project, tx) =>
        schedulePurge(deps, scope, { project, confirm, tx }),
      );
      await endWork(systemOf(projectId));
      return deleted;
    },
  };
}
export type Lifecycle = ReturnType<typeof createLifecycle>;

type Deleting = { readonly project: Project; readonly confirm: string; readonly tx: Postgres };

/** The job belongs to the first project, which is always there. */
async function schedulePurge(
  { jobs, clock, graceDays }: LifecycleDeps,
  { actor }: Scope,
  { project, confirm, tx }: Deleting,
): Promise<Changed> {
  refuseFirst(project, "deleted");
  if (project.state === "deleted") throw wrongState(project, "Restore the project if you want to keep it.");
  if (confirm !== project.name) throw notConfirmed(project);
  const deletedAt = new Date(clock.now());
  const purgeAt = new Date(deletedAt.getTime() + graceDays * DAY_MS);
  const first = await createProjectStore(tx).findFirst();
  if (!first) throw new Error("the server has no first project");
  const { projectId, name } = project;
  const order = { kind: PURGE, payload: { projectId }, subject: projectId, key: projectId, runAt: purgeAt };
  await jobs.send(tx, { ...systemOf(first.projectId), actor }, { ...order, title: `Remove the data of ${name}` });
  return { state: { deletedAt, purgeAt }, action: "project.delete", details: { purgeAt: purgeAt.toISOString() } };
}

async function cancelPurge({ db, jobs }: Pick<LifecycleDeps, "db" | "jobs">, projectId: string): Promise<void> {
  const first = await createProjectStore(db).findFirst();
  if (!first) return;
  const system = systemOf(first.projectId);
  const { items } = await jobs.list(system, { kind: PURGE.name, status: "queued", subject: projectId, limit: 10 });
  // One that starts now waits for the project's row, sees that the project is not deleted, and does nothing.
  for (const { jobId } of items) await jobs.cancel(system, jobId).catch(() => undefined);
}

type Changed = {
  readonly state: Parameters<ReturnType<typeof createProjectStore>["update"]>[1];
  readonly action: string;
  readonly details?: Readonly<Record<string, unknown>>;
};
type Act = (project: Project, tx: Postgres) => Promise<Changed>;

/** The project, locked, if the caller may manage it. Throws `not_found` for a project that the caller is not in. */
async function findManaged(tx: Postgres, scope: Scope, projectId: string): Promise<Project> {
  const project = await createProjectStore(tx).lock(projectId);
  if (!project) throw notFound("project", projectId);
  if (projectId === scope.projectId || scope.permissions.has("projects:manage")) return project;
  const member = scope.userId === null ? undefined : await createMemberStore(tx).find(projectId, scope.userId);
  if (!member) throw notFound("project", projectId);
  if (rightsInProject(member.role).includes("projects:write")) return project;
  throw new AppError("forbidden", {
    message: `Your role in "${project.name}" is ${member.role}. Ask an owner or an admin to do this.`,
  });
}

function refuseFirst({ isFirst, name }: Project, what: string) {
  if (!isFirst) return;
  throw new AppError("conflict", {
    message: `"${name}" is the server's first project. Its owners and admins administer the server, so it cannot be ${what}. Rename it instead.`,
  });
}

const wrongState = ({ name, state }: Project, advice: string) =>
  new AppError("conflict", { message: `The project "${name}" is ${state}. ${advice}`, details: { state } });

const notConfirmed = ({ name }: Project) =>
  new AppError("invalid_request", {
    message: `To delete the project, set \`confirm\` to its exact name: "${name}".`,
    details: { param: "confirm" },
  });
