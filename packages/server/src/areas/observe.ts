import type { ServerBootstrap } from "../bootstrap.ts";
import { systemClock as clock } from "../kernel/clock.ts";
import type { Module } from "../kernel/module.ts";
import { BUILTIN, type Models } from "../modules/build/models/index.ts";
import { createContentAccess } from "../modules/observe/content/index.ts";
import { openDashboards } from "../modules/observe/dashboards/index.ts";
import { openExplore } from "../modules/observe/explore/index.ts";
import { openExports } from "../modules/observe/exports/index.ts";
import { openFeedback } from "../modules/observe/feedback/index.ts";
import { openForwarding } from "../modules/observe/forwarding/index.ts";
import { openPrivacy } from "../modules/observe/privacy/index.ts";
import { openSearch } from "../modules/observe/search/index.ts";
import { type Otlp, openOtlp, openSenders, openTraces } from "../modules/observe/traces/index.ts";
import type { Metrics } from "../platform/metrics/port.ts";
import type { Stores } from "../stores.ts";
import { guardRegistry } from "./guard-detectors.ts";
import type { System } from "./system.ts";

type Below = System & {
  readonly models: Module<Models>;
  readonly metrics: Metrics;
  readonly onThumbsDown: Parameters<typeof openFeedback>[0]["onThumbsDown"];
};

/** Traces and what is read from them. */
export function openObserve(
  { config, log }: ServerBootstrap,
  stores: Stores,
  { metrics, onThumbsDown, ...below }: Below,
) {
  const { columnar, spool, objects, inference, secrets, outbound, jobs } = stores;
  const { db } = stores.postgres;
  const audit = below.audit.api;
  const projects = below.projects.api;
  const privacy = openPrivacy({ db, audit, secrets, clock, log, readOptions: guardRegistry.readOptions });
  const traces = openTraces({ columnar, spool, privacy: privacy.api, ownSpans: () => otlp.api.ownSpans, clock });
  const otlp: Module<Otlp> = openOtlp({
    spool,
    objects,
    prices: below.models.api.prices,
    traces: traces.api,
    privacy: privacy.api,
    clock,
    log,
    metrics,
  });
  const explore = openExplore({ columnar, clock, log, traces: traces.api });
  const feedback = openFeedback({
    db,
    columnar,
    spool,
    secrets,
    jobs,
    clock,
    audit,
    namesOf: projects.namesOf,
    redactorFor: privacy.api.redactorFor,
    isDeleted: traces.api.isDeleted,
    onThumbsDown,
    isProjectActive: projects.isActive,
  });
  return {
    privacy,
    content: { api: createContentAccess({ audit, ...privacy.api, clock }), routes: [] },
    traces,
    otlp,
    senders: openSenders({
      spool,
      objects,
      listProjects: projects.list,
      publicUrl: config.TREADLE_PUBLIC_URL,
      privacy: privacy.api,
      clock,
    }),
    dashboards: openDashboards({ db, audit, clock, comments: below.comments.api, namesOf: projects.namesOf }),
    explore,
    search: openSearch({ traces: traces.api, inference, modelId: BUILTIN.id, clock }),
    exports: openExports({ db, objects, audit, files: explore.api.exports, jobs, clock, log }),
    feedback,
    forwarding: openForwarding({ db, secrets, audit, outbound, jobs, traces: traces.api, clock, log }),
  };
}
export type Observe = ReturnType<typeof openObserve>;
