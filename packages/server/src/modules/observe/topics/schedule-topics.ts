import type { TopicRun } from "@treadle/contract";
import { z } from "zod";
import { AppError } from "../../../kernel/errors.ts";
import { type Scope, systemScope } from "../../../kernel/scope.ts";
import type { JobKind } from "../../../platform/jobs/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { TopicsDeps } from "./deps.ts";
import { createTopicProjectStore } from "./run-store.ts";

const KIND: JobKind<object, null> = { name: "topics-schedule", payload: z.object({}), state: z.null() };
const EVERY_SECONDS = 600;

const ORDER = {
  kind: KIND,
  payload: {},
  title: "Start the daily topics",
  key: "topics-schedule",
  everySeconds: EVERY_SECONDS,
};

type CreateRun = (scope: Scope, input: object) => Promise<TopicRun>;

/** Starts the daily run of each project that has one, once a day at its hour or the first time after it. */
export function createTopicSchedule({ db, jobs, clock }: TopicsDeps, create: CreateRun) {
  const store = createTopicProjectStore(db);
  const follow = (projectId: string, tx: Postgres) => jobs.send(tx, systemScope(projectId), ORDER);

  jobs.register(KIND, {
    async run({ scope }) {
      const row = await store.find(scope.projectId);
      const now = new Date(clock.now());
      if (!row?.settings.isScheduled || now.getUTCHours() < row.settings.hour) return null;
      if (!(await store.noteDay(scope.projectId, now.toISOString().slice(0, 10)))) return null;
      try {
        await create(scope, {});
      } catch (error) {
        // A run that a person started is as good.
        if (!(error instanceof AppError) || error.code !== "conflict") throw error;
      }
      return null;
    },
  });

  return {
    follow,
    async start(): Promise<void> {
      for (const projectId of await store.listProjects()) await db.transaction((tx) => follow(projectId, tx));
    },
  };
}
export type TopicSchedule = ReturnType<typeof createTopicSchedule>;
