import type { ServerBootstrap } from "../bootstrap.ts";
import { systemClock as clock } from "../kernel/clock.ts";
import { openAudit } from "../modules/system/audit/index.ts";
import { openComments } from "../modules/system/comments/index.ts";
import { openJobs } from "../modules/system/jobs/index.ts";
import { openProjects } from "../modules/system/projects/index.ts";
import type { Stores } from "../stores.ts";

/** The modules that all others build on. */
export function openSystem({ config }: ServerBootstrap, { postgres: { db }, jobs }: Stores) {
  const audit = openAudit({ db, clock });
  const isHttps = config.TREADLE_PUBLIC_URL?.startsWith("https:") ?? false;
  const projects = openProjects({ db, audit: audit.api, clock, isHttps });
  return {
    audit,
    jobs: openJobs({ jobs, audit: audit.api }),
    projects,
    comments: openComments({ db, audit: audit.api, clock, namesOf: projects.api.namesOf }),
  };
}
export type System = ReturnType<typeof openSystem>;
