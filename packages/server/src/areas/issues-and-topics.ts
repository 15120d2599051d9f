import type { ServerBootstrap } from "../bootstrap.ts";
import { systemClock as clock } from "../kernel/clock.ts";
import type { Module } from "../kernel/module.ts";
import { openIssues } from "../modules/observe/issues/index.ts";
import { type AskForLabel, openTopics } from "../modules/observe/topics/index.ts";
import type { Traces } from "../modules/observe/traces/index.ts";
import type { Announce } from "../modules/system/notifications/index.ts";
import type { Stores } from "../stores.ts";
import { embedAs } from "./embed.ts";
import type { System } from "./system.ts";

type Below = System & { readonly traces: Module<Traces>; readonly askForLabel: AskForLabel };

/** What groups traces: failures by their cause, and inputs by their topic. */
export function openIssuesAndTopics({ log }: Pick<ServerBootstrap, "log">, stores: Stores, below: Below) {
  const { columnar, jobs } = stores;
  const { namesOf, isMember } = below.projects.api;
  const shared = { db: stores.postgres.db, columnar, jobs, audit: below.audit.api, clock, log };
  return {
    topics: openTopics({ ...shared, embed: embedAs(stores, "topics"), ask: below.askForLabel }),
    issues: openIssues({
      ...shared,
      traces: below.traces.api,
      comments: below.comments.api,
      announce: announceTo(log),
      embed: embedAs(stores, "issues"),
      namesOf,
      isMember,
    }),
  };
}

/** Logs a notice. */
// replaced when the modules meet
const announceTo =
  (log: ServerBootstrap["log"]): Announce =>
  async (_tx, _scope, { subject, event, key }) =>
    log.debug({ subject, event, key }, "a notice was made");
