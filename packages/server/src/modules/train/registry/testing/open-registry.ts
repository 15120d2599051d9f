import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PERMISSIONS } from "@treadle/contract";
import { type Clock, systemClock } from "../../../../kernel/clock.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { createInference } from "../../../../platform/inference/open.ts";
import type { Inference } from "../../../../platform/inference/port.ts";
import { type JobsAdapter, openJobs } from "../../../../platform/jobs/open.ts";
import { openFolderObjects } from "../../../../platform/objects/folder.ts";
import type { Objects } from "../../../../platform/objects/port.ts";
import { createOutbound } from "../../../../platform/outbound/open.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../../platform/postgres/testing/open-test-postgres.ts";
import { connectionTo } from "../../../build/gateway/testing/open-gateway.ts";
import { createModelFolders, type PulledModel } from "../../../build/models/index.ts";
import { addProject } from "../../../build/models/testing/add-project.ts";
import { createAudit } from "../../../system/audit/index.ts";
import { createRegistry, type Registry } from "../service.ts";
import type { AliasChanges, NamedEndpoint } from "../stores/deps.ts";

const log = { debug() {}, info() {}, warn() {}, error() {} };

/** No project requires rollouts. */
const IMMEDIATE: AliasChanges = { begin: async () => null, checkIdle: async () => {}, isRequired: async () => false };

type Below = {
  readonly db: Postgres;
  readonly objects: Objects;
  readonly jobs: Pick<JobsAdapter, "register" | "send">;
  readonly inference: Inference;
  readonly registry: Registry;
  readonly folder: string;
};
type Options = {
  readonly hubUrl?: string;
  readonly clock?: Clock;
  /** Creates the modules above the registry with their jobs, before any job runs. */
  readonly above?: (below: Below) => void;
};

/** The registry with real stores, a real engine and running jobs, in a separate folder. */
export async function openTestRegistry({
  hubUrl = "http://127.0.0.1:1",
  clock = systemClock,
  above = () => {},
}: Options = {}) {
  const folder = await mkdtemp(join(tmpdir(), "treadle-registry-"));
  const postgres = await openTestPostgres();
  const { db } = postgres;
  const inference = createInference({ memoryBudgetBytes: 2 ** 30, parallel: 1, threads: 1, log });
  const outbound = createOutbound({ allow: ["127.0.0.1"] });
  const objects = await openFolderObjects(join(folder, "objects"));
  const jobs = openJobs({ db, log, isAlone: true });
  const pulled = new Map<string, PulledModel>();
  const [endpoints, audit] = [[] as NamedEndpoint[], createAudit({ db, clock })];
  const [slugs, people] = [new Set<string>(), new Map<string, string>()];
  const registry = createRegistry({
    db,
    objects,
    jobs,
    inference,
    outbound,
    clock,
    log,
    hubUrl,
    audit,
    models: {
      isLocal: (id) => pulled.has(id),
      whereIs: (id) => pulled.get(id) ?? null,
      withFile: (sha256) => [...pulled].find(([, file]) => file.sha256 === sha256)?.[0] ?? null,
    },
    connections: { resolve: async () => [...slugs].map((slug) => connectionTo("http://127.0.0.1:1/v1", { slug })) },
    listEndpoints: async () => endpoints,
    aliasChanges: IMMEDIATE,
    namesOf: async (_projectId, actors) => new Map(actors.map((actor) => [actor, `Name of ${actor}`])),
    peopleOf: async (_projectId, actors) => new Map(actors.map((actor) => [actor, people.get(actor) ?? actor])),
    folder: join(folder, "registry"),
    modelFolders: createModelFolders([folder]),
  });
  above({ db, objects, jobs, inference, registry, folder });
  jobs.start();
  return {
    registry,
    folder,
    inference,
    objects,
    jobs,
    audit,
    pulled,
    endpoints,
    slugs,
    /** The person who created a key, by the key's id. */
    people,
    newScope: (): Promise<Scope> => addProject(db, newId("proj")),
    /** Waits for a job; throws what it failed with. */
    async ended(scope: Scope, jobId: string): Promise<unknown> {
      for await (const job of jobs.watch(scope, { jobId }, AbortSignal.timeout(60_000))) {
        if (job.status === "done") return job.result;
        if (job.status === "failed" || job.status === "cancelled") throw new Error(job.error?.message ?? job.status);
      }
      throw new Error("the job did not end");
    },
    /** A file of this machine, to be imported by its path. */
    async write(name: string, content: string | Buffer): Promise<string> {
      const path = join(folder, name);
      await writeFile(path, content);
      return path;
    },
    async close() {
      await jobs.close();
      await inference.close();
      await outbound.close();
      await postgres.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The same project, another person. */
export const as = (scope: Scope, actor: string): Scope => ({ ...scope, actor, permissions: new Set(PERMISSIONS) });
