import { systemClock as clock } from "../../kernel/clock.ts";
import type { Module } from "../../kernel/module.ts";
import type { Knowledge } from "../../modules/build/knowledge/index.ts";
import { openRetrieval } from "../../modules/evaluate/retrieval/index.ts";
import type { Stores } from "../../stores.ts";
import type { System } from "../system.ts";

type Below = Pick<System, "audit"> & { readonly knowledge: Module<Knowledge> };

/** Question sets of knowledge bases, and runs over them. */
export const openRetrievalEvaluation = ({ postgres: { db }, jobs }: Stores, { audit, knowledge }: Below) => ({
  retrieval: openRetrieval({ db, jobs, knowledge: knowledge.api, audit: audit.api, clock }),
});
