import type { ServerBootstrap } from "../bootstrap.ts";
import { systemClock as clock } from "../kernel/clock.ts";
import { systemScope } from "../kernel/scope.ts";
import { openAudit } from "../modules/system/audit/index.ts";
import { openComments } from "../modules/system/comments/index.ts";
import { openJobs } from "../modules/system/jobs/index.ts";
import { type Acknowledge, openNotifications } from "../modules/system/notifications/index.ts";
import { openProjects } from "../modules/system/projects/index.ts";
import type { Stores } from "../stores.ts";

/** The modules that all others build on. */
export function openSystem({ config, log }: ServerBootstrap, stores: Stores, acknowledge: Acknowledge) {
  const { jobs, secrets, outbound } = stores;
  const { db } = stores.postgres;
  const audit = openAudit({ db, clock });
  const publicUrl = config.TREADLE_PUBLIC_URL;
  const isHttps = publicUrl?.startsWith("https:") ?? false;
  const projects = openProjects({ db, audit: audit.api, clock, isHttps });
  const notifications = openNotifications({
    db,
    audit: audit.api,
    secrets,
    outbound,
    clock,
    log,
    publicUrl,
    acknowledge,
    projectNameOf: async (projectId) => (await projects.api.list(systemScope(projectId))).items[0]?.name ?? projectId,
  });
  const { mention } = notifications.api.inbox;
  return {
    audit,
    jobs: openJobs({ jobs, audit: audit.api }),
    projects,
    notifications,
    comments: openComments({ db, audit: audit.api, clock, ...writersOf(projects), mention }),
  };
}

const MOST_MEMBERS = 1_000;

/** The people who write comments and can be mentioned in them. */
const writersOf = ({ api: { namesOf, members } }: ReturnType<typeof openProjects>) => ({
  namesOf,
  membersOf: async (projectId: string) => (await members.list(systemScope(projectId), { limit: MOST_MEMBERS })).items,
});
export type System = ReturnType<typeof openSystem>;
