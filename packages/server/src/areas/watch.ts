import type { ServerBootstrap } from "../bootstrap.ts";
import { systemClock as clock } from "../kernel/clock.ts";
import { openDrift, type ReadDatasetTexts } from "../modules/observe/drift/index.ts";
import { type EvidenceMeans, openIncidents } from "../modules/observe/incidents/index.ts";
import { openIssues } from "../modules/observe/issues/index.ts";
import { openMonitors } from "../modules/observe/monitors/index.ts";
import { type JudgeErrorsOf, openSlos } from "../modules/observe/slos/index.ts";
import { type AskForLabel, openTopics } from "../modules/observe/topics/index.ts";
import { aroundPeriod, MODEL_OF_SPAN, scoresOf, whereSpans } from "../modules/observe/traces/index.ts";
import { createThread } from "../platform/threads/port.ts";
import type { Stores } from "../stores.ts";
import { embedAs } from "./knowledge/embed-as.ts";
import type { Observe } from "./observe.ts";
import { monitorsOfSlos } from "./slo-monitors.ts";
import type { System } from "./system.ts";

/** What these modules read from modules that are opened later. */
export type WatchMeans = {
  readonly evidence: EvidenceMeans;
  readonly askForLabel: AskForLabel;
  readonly judgeErrorsOf: JudgeErrorsOf;
  readonly readDatasetTexts: ReadDatasetTexts;
};
type Deps = System & Pick<Observe, "traces" | "explore"> & { readonly means: WatchMeans };

/** What watches the traffic: monitors and SLOs, drift, topics and issues, and the incidents that they open. */
export function openWatch({ log }: ServerBootstrap, stores: Stores, { means, ...below }: Deps) {
  const { columnar, spool, jobs } = stores;
  const { namesOf, isMember, isActive } = below.projects.api;
  const { announce } = below.notifications.api;
  const shared = { db: stores.postgres.db, columnar, jobs, audit: below.audit.api, clock, log };
  const people = { comments: below.comments.api, announce, namesOf, isMember };
  const drift = openDrift({ ...shared, ...driftMeans(stores, means), announce, namesOf });
  const evidence = { ...means.evidence, listDrift: driftFindings(drift.api) };
  const incidents = openIncidents({ ...shared, ...people, evidence });
  const monitors = openMonitors({
    ...shared,
    spool,
    incidents: incidents.api.sink,
    announce,
    runSql: below.explore.api.runSql,
  });
  const spanSql = { whereSpans, aroundPeriod, scoresOf };
  const slos = openSlos({
    ...shared,
    ...spanSql,
    monitors: monitorsOfSlos(monitors.api),
    openIncidents: incidents.api.openSeveritiesOf,
    isProjectActive: isActive,
    judgeErrorsOf: means.judgeErrorsOf,
  });
  const topics = openTopics({ ...shared, spanSql, embed: embedAs(stores, "topics"), ask: means.askForLabel });
  const grouping = { traces: below.traces.api, modelOfSpan: MODEL_OF_SPAN, embed: embedAs(stores, "issues") };
  const issues = openIssues({ ...shared, ...people, ...grouping });
  return { drift, incidents, monitors, slos, topics, issues };
}
export type Watch = ReturnType<typeof openWatch>;

type DriftMeans = Pick<Parameters<typeof openDrift>[0], "thread" | "embed" | "readDatasetTexts">;
const driftMeans = (stores: Stores, { readDatasetTexts }: WatchMeans): DriftMeans => ({
  thread: createThread({ script: new URL("./drift-worker.ts", import.meta.url), name: "drift" }),
  embed: embedAs(stores, "drift"),
  readDatasetTexts,
});

const driftFindings =
  ({
    recentDrift,
  }: Pick<ReturnType<typeof openDrift>["api"], "recentDrift">): NonNullable<EvidenceMeans["listDrift"]> =>
  async (scope, range) =>
    (await recentDrift(scope, { endpoint: null, ...range })).map(({ driftWatchId, name, day, summary }) => ({
      title: summary[0] ? `${name}: ${summary[0]}` : name,
      at: `${day}T00:00:00.000Z`,
      path: `/drift/${driftWatchId}`,
    }));
