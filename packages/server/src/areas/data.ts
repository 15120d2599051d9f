import type { ServerBootstrap } from "../bootstrap.ts";
import { systemClock as clock } from "../kernel/clock.ts";
import type { Module } from "../kernel/module.ts";
import { BUILTIN } from "../modules/build/models/index.ts";
import { type Curation, openCuration, openDatasetMaps } from "../modules/data/curation/index.ts";
import { openDatasets } from "../modules/data/datasets/index.ts";
import { openSynthesis } from "../modules/data/synthesis/index.ts";
import type { Stores } from "../stores.ts";
import type { Build, ModelSources } from "./build.ts";
import { embedAs } from "./knowledge/embed-as.ts";
import type { Observe } from "./observe.ts";
import type { System } from "./system.ts";

type Below = System & Pick<ModelSources, "models"> & Pick<Observe, "traces"> & Pick<Build, "gateway">;

/** Datasets, and what changes or makes them as a whole. */
export function openData(_ground: ServerBootstrap, stores: Stores, below: Below) {
  const { columnar, objects, jobs, inference } = stores;
  const { db } = stores.postgres;
  const audit = below.audit.api;
  const datasets = openDatasets({
    db,
    columnar,
    objects,
    jobs,
    traces: below.traces.api,
    audit,
    clock,
    namesOf: below.projects.api.namesOf,
    peopleOf: below.projects.api.peopleOf,
    embed: embedAs(stores, "datasets"),
    onMarked: (scope, dataset, tx) => curation.api.checkMarked(scope, dataset, tx),
    onCommitted: (scope, dataset, tx) => curation.api.checkCommitted(scope, dataset, tx),
  });
  const whole = datasets.api.whole;
  const shared = { db, datasets: whole, jobs, inference, embeddingModelId: BUILTIN.id, audit, clock };
  const curation: Module<Curation> = openCuration({ ...shared, prices: below.models.api.prices });
  return {
    datasets,
    curation,
    datasetMaps: openDatasetMaps(shared),
    synthesis: openSynthesis({ db, jobs, audit, datasets: whole, complete: below.gateway.api.complete, clock }),
  };
}
export type Data = ReturnType<typeof openData>;
