import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { READERS } from "../../../../platform/documents/formats/readers.ts";
import { DOCUMENT_LIMITS } from "../../../../platform/documents/limits.ts";
import { openOcr } from "../../../../platform/documents/ocr.ts";
import { parseDocument } from "../../../../platform/documents/parser/parse-document.ts";
import { openJobs } from "../../../../platform/jobs/open.ts";
import { askProcess } from "../../../../platform/launch/ask-process.ts";
import { openFolderObjects } from "../../../../platform/objects/folder.ts";
import { createOutbound } from "../../../../platform/outbound/open.ts";
import type { Outbound, OutboundSockets } from "../../../../platform/outbound/port.ts";
import type { PostgresStore } from "../../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../../platform/postgres/testing/open-test-postgres.ts";
import type { Secrets } from "../../../../platform/secrets/port.ts";
import { openTestSecrets } from "../../../../platform/secrets/testing/open-test-secrets.ts";
import { createAudit } from "../../../system/audit/index.ts";
import { createKnowledge } from "../service.ts";
import type { KnowledgeDeps } from "../stores/deps.ts";
import type { SyncDeps } from "../sync/deps.ts";
import { type IndexOrders, indexWork } from "../work/index-work.ts";
import { createSearchWork, type SearchOrders } from "../work/search-work.ts";
import { createActions } from "./actions.ts";
import { createHashedEmbedding } from "./hashed-embedding.ts";
import { createInProcessThread } from "./in-process-thread.ts";
import { openTestGuards } from "./open-test-guards.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
/** Uploads wait for others, so jobs are due when a test makes them due. */
const clock = { now: () => Date.now() + 3_600_000, elapsed: () => performance.now() };
const TIMING = { pollMs: 10, firstWaitMs: 2, longestWaitMs: 5, beatMs: 20, progressMs: 20, graceMs: 200 };

/** A call to something outside of the module, such as `documents.parse`. */
export type OutsideCall = { readonly name: string };
type Opened = {
  readonly folder: string;
  readonly postgres: PostgresStore;
  readonly objects: Awaited<ReturnType<typeof openFolderObjects>>;
  readonly secrets: Secrets;
};

/** Knowledge bases on a real database, objects and jobs. Each test has a new project and a new server. */
export function useKnowledgeWorld() {
  const opened = useStores();
  let server: ReturnType<typeof openServer>;
  let scope: Scope;
  const outbound = createOutbound({ allow: ["127.0.0.1"] });
  const hooks: Hooks = { before: async () => {}, programs: "", outbound };
  afterAll(() => outbound.close());
  beforeEach(async () => {
    hooks.before = async () => {};
    hooks.programs = "";
    scope = await makeScope(opened());
    server = openServer(opened(), hooks);
  });
  afterEach(() => server.jobs.close());
  const current = () => ({ db: opened().postgres.db, scope, server });
  return {
    /** What is called before each call to something outside of the module. It can throw or wait. */
    hooks,
    get scope() {
      return scope;
    },
    get db() {
      return current().db;
    },
    get server() {
      return server;
    },
    makeScope: () => makeScope(opened()),
    /** Stops the jobs, and starts the server again with empty threads. */
    /** The folder below which sources may read. */
    get sourcesFolder() {
      return join(opened().folder, "sources");
    },
    async restart() {
      await server.jobs.close();
      server = openServer(opened(), hooks);
    },
    ...createLists(() => opened().folder),
    ...createActions(() => ({ ...current(), knowledge: server.knowledge })),
  };
}

/** A database and a folder for objects, which all tests of a file share. */
function useStores(): () => Opened {
  let opened: Opened;
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), "treadle-knowledge-"));
    const secrets = await openTestSecrets({ folder });
    const objects = await openFolderObjects(join(folder, "objects"));
    opened = { folder, postgres: await openTestPostgres(), objects, secrets };
  }, 120_000);
  afterAll(async () => {
    await opened.postgres.close();
    await rm(opened.folder, { recursive: true, force: true });
  });
  return () => opened;
}

const createLists = (folderOf: () => string) => ({
  /** The names of all objects that the folder holds. */
  listObjects: () => listFiles(join(folderOf(), "objects")),
  /** The names of the links for the search thread, of one base or of all. */
  listLinks: (baseId = "") => listFiles(join(folderOf(), "links", baseId)),
});

async function makeScope({ postgres: { db } }: Opened): Promise<Scope> {
  const projectId = newId("proj");
  await db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'Test', now())`);
  return { projectId, actor: "user_1", userId: "user_1", permissions: new Set(["knowledge:read", "knowledge:write"]) };
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

type Hooks = {
  before: (call: OutsideCall) => Promise<void>;
  /** The folders of Tesseract and pdftoppm when the server starts. */
  programs: string;
  /** The door to other machines when the server starts. */
  outbound: Outbound & OutboundSockets;
};

function openServer({ folder, postgres: { db }, objects, secrets }: Opened, hooks: Hooks) {
  const jobs = openJobs({ db, log: silent, isAlone: true, timing: TIMING });
  const embedding = createHashedEmbedding();
  const searchThread = createInProcessThread<SearchOrders>(createSearchWork);
  const indexThread = createInProcessThread<IndexOrders>(() => indexWork);
  const guards = openTestGuards({ db, clock, log: silent });
  const before = (name: string) => hooks.before({ name });
  const deps: SyncDeps = {
    ...hookedMeans(before, { db, objects }),
    jobs,
    ocr: openOcr({ path: hooks.programs }),
    guards,
    embedding: { ...embedding, embed: hooked(before, "embedding.embed", embedding.embed) },
    languageOf: async (text) => (text.includes(" und ") ? "de" : "en"),
    indexThread: { ...indexThread, ask: askHooked(before, indexThread.ask) },
    searchThread: { ...searchThread, ask: askHooked(before, searchThread.ask) },
    folder: join(folder, "links"),
    audit: createAudit({ db, clock }),
    secrets,
    connectors: {
      outbound: hooks.outbound,
      folders: [join(folder, "sources")],
      runProgram: askProcess,
      path: process.env.PATH ?? "",
      gitSchemes: ["https", "file"],
      now: clock.now,
    },
    clock,
    log: silent,
  };
  const knowledge = createKnowledge(deps);
  jobs.start();
  return { jobs, knowledge, guards, embedding, searchThread };
}

const parse: KnowledgeDeps["documents"]["parse"] = (file) =>
  parseDocument(file, { readers: READERS, limits: DOCUMENT_LIMITS });

const hookedMeans = (before: Before, { db, objects }: Pick<Opened, "objects"> & Pick<KnowledgeDeps, "db">) => ({
  db: Object.create(db, { transaction: { value: hooked(before, "db.transaction", db.transaction.bind(db)) } }),
  objects: hookedObjects(before, objects),
  documents: { parse: hooked(before, "documents.parse", parse), close: async () => {} },
});

const hookedObjects = (before: Before, objects: Opened["objects"]): KnowledgeDeps["objects"] => ({
  put: hooked(before, "objects.put", objects.put),
  get: hooked(before, "objects.get", objects.get),
  has: objects.has,
  place: hooked(before, "objects.place", objects.place),
  delete: hooked(before, "objects.delete", objects.delete),
});

type Before = (name: string) => Promise<void>;

const hooked =
  <Args extends readonly unknown[], Answer>(before: Before, name: string, call: (...args: Args) => Promise<Answer>) =>
  async (...args: Args): Promise<Answer> => {
    await before(name);
    return call(...args);
  };

/** The name of the order is part of the call's name. */
const askHooked = <Ask extends (name: never, order: never) => Promise<unknown>>(before: Before, ask: Ask): Ask =>
  // The signature is that of the function itself.
  (async (name: never, order: never) => {
    await before(`thread.${name}`);
    return ask(name, order);
  }) as Ask;
