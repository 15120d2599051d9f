import { type ActiveLimit, activate, change, type StoredLimit } from "./active-limit.ts";
import { indexLimits, type LimitIndex } from "./match-limits.ts";
import { isIdle, type Times } from "./use-counter.ts";

type Project = { readonly byId: Map<string, ActiveLimit>; index: LimitIndex };

/** The limits of all projects, in memory. */
export function createLimitRegistry(times: () => Times) {
  const projects = new Map<string, Project>();
  return {
    has: (projectId: string) => projects.has(projectId),
    indexOf: (projectId: string) => projects.get(projectId)?.index,
    find: (projectId: string, limitId: string) => projects.get(projectId)?.byId.get(limitId),
    /** Every limit of every project. */
    all: () => [...projects.values()].flatMap(({ byId }) => [...byId.values()]),

    /** Adds a limit or changes it in place. */
    put(stored: StoredLimit): ActiveLimit {
      const project = projects.get(stored.projectId) ?? { byId: new Map(), index: new Map() };
      projects.set(stored.projectId, project);
      return putInto(project, stored, times());
    },

    remove(projectId: string, limitId: string): void {
      const project = projects.get(projectId);
      if (!project?.byId.delete(limitId)) return;
      reindex(project);
      if (project.byId.size === 0) projects.delete(projectId);
    },
  };
}

export type LimitRegistry = ReturnType<typeof createLimitRegistry>;

function putInto(project: Project, stored: StoredLimit, at: Times): ActiveLimit {
  const existing = project.byId.get(stored.limitId);
  if (existing) change(existing, stored, at);
  const limit = existing ?? activate(stored);
  project.byId.set(stored.limitId, limit);
  reindex(project);
  return limit;
}

function reindex(project: Project): void {
  project.index = indexLimits([...project.byId.values()]);
}

/** Frees the memory of counters that nothing depends on. */
export function freeIdle(limits: readonly ActiveLimit[], at: Times): void {
  for (const { counters } of limits)
    for (const [value, counter] of counters) if (isIdle(counter, at)) counters.delete(value);
}
