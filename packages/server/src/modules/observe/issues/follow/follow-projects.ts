import { DAY_MS } from "../../../../kernel/day.ts";
import { type Scope, systemScope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { IssuesDeps } from "../stores/deps.ts";
import type { FailureStore } from "../stores/failure-store.ts";
import { createFollowStore, DEFAULT_SETTINGS } from "../stores/follow-store.ts";
import { createFollowing, FOLLOW_KIND } from "./follow-failures.ts";

const EVERY_SECONDS = 10;
/** The first batch begins here. */
const FIRST_DAYS = 7;

const ORDER = {
  kind: FOLLOW_KIND,
  payload: {},
  title: "Group failures into issues",
  key: "issues",
  everySeconds: EVERY_SECONDS,
};

/** Which projects have their failures grouped, each by one job. */
export function createProjectFollowing(deps: IssuesDeps, failures: FailureStore) {
  const { db, jobs, clock } = deps;
  const following = createFollowing(deps);
  jobs.register(FOLLOW_KIND, following);
  const firstMs = () => clock.now() - FIRST_DAYS * DAY_MS;
  const send = (projectId: string, tx: Postgres) => jobs.send(tx, systemScope(projectId), ORDER);

  /** Starts grouping the failures of a project, unless it has started. */
  async function follow({ projectId }: Pick<Scope, "projectId">): Promise<void> {
    if (await createFollowStore(db).find(projectId)) return;
    await db.transaction(async (tx) => {
      if (await createFollowStore(tx).create(projectId, { fromMs: firstMs(), settings: DEFAULT_SETTINGS }))
        await send(projectId, tx);
    });
  }

  return {
    follow,
    step: following.step,
    /** Continues the projects that are followed. */
    async start(): Promise<void> {
      for (const id of await createFollowStore(db).listFollowed()) await db.transaction((tx) => send(id, tx));
    },
    /** Starts projects that have failures. */
    async followOthers(): Promise<void> {
      const failing = await failures.projectsWithFailures(await createFollowStore(db).listOthers(), firstMs());
      for (const projectId of failing) await follow({ projectId });
    },
  };
}
