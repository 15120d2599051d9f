import type { Forwarder, ForwarderInput, ForwarderPatch } from "@treadle/contract";
import { z } from "zod";
import type { Clock } from "../../../kernel/clock.ts";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Log } from "../../../kernel/log.ts";
import { type Scope, systemScope } from "../../../kernel/scope.ts";
import type { Jobs } from "../../../platform/jobs/port.ts";
import type { Outbound } from "../../../platform/outbound/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { SealedSecret, Secrets } from "../../../platform/secrets/port.ts";
import type { Audit } from "../../system/audit/index.ts";
import { checkHeaders } from "./check-headers.ts";
import { makeTestSpan } from "./make-test-span.ts";
import { createForwarderJob, type ReceivedReader } from "./run-forwarders.ts";
import { NotNowError, sendSpans } from "./send-spans.ts";
import { createForwarderStore, type ForwarderRow, listSomeForwarders, toForwarder } from "./store.ts";

export type ForwardingDeps = {
  readonly db: Postgres;
  readonly secrets: Secrets;
  readonly audit: Pick<Audit, "record">;
  readonly outbound: Outbound;
  readonly jobs: Pick<Jobs, "register" | "send">;
  readonly traces: ReceivedReader;
  readonly clock: Clock;
  readonly log: Log;
};

const MAX_FORWARDERS = 20;
const StoredHeaders = z.record(z.string(), z.string());
const originOf = (url: string) => new URL(url).origin;
const contextOf = ({ id, url }: Pick<ForwarderRow, "id" | "url">) => `forwarder ${id} ${originOf(url)}`;

/** The newest stored headers of all projects, sealed. */
export async function listSealedHeaders(db: Postgres): Promise<SealedSecret[]> {
  const rows = await listSomeForwarders(db);
  return rows.map((row) => ({ value: row.sealedHeaders, context: contextOf(row) }));
}

/** Sends a project's spans on to other OpenTelemetry receivers, each at least once and in the order they came. */
export function createForwarding(deps: ForwardingDeps) {
  const { db, secrets, outbound, clock } = deps;
  const headersOf = (row: ForwarderRow) =>
    StoredHeaders.parse(JSON.parse(secrets.open(row.sealedHeaders, contextOf(row))));
  const job = createForwarderJob({ ...deps, headersOf });

  return {
    ...createForwarderChanges(deps, job),

    /** Queues the job of each project with an enabled forwarder: an older version ran none. */
    async start(): Promise<void> {
      for (const projectId of await createForwarderStore(db).listProjects())
        await db.transaction((tx) => job.follow(systemScope(projectId), tx));
    },
    async list({ projectId }: Scope): Promise<Forwarder[]> {
      return (await createForwarderStore(db).list(projectId)).map(toForwarder);
    },
    async test(scope: Scope, forwarderId: string): Promise<{ isTaken: boolean; message: string }> {
      const row = await getRow(db, scope, forwarderId);
      const target = { url: row.url, headers: headersOf(row), includesContent: row.includesContent };
      try {
        const { taken, message } = await sendSpans({ outbound, clock }, target, [makeTestSpan(clock.now())]);
        return { isTaken: taken === 1, message: message || "The receiver accepted the span." };
      } catch (error) {
        if (!(error instanceof NotNowError)) throw error;
        return { isTaken: false, message: error.message };
      }
    },
  };
}
export type Forwarding = ReturnType<typeof createForwarding>;

async function getRow(db: Postgres, scope: Scope, forwarderId: string): Promise<ForwarderRow> {
  const row = await createForwarderStore(db).find(scope.projectId, forwarderId);
  if (!row) throw notFound("forwarder", forwarderId);
  return row;
}

/** What changes a forwarder: each one transaction with its audit entry. */
function createForwarderChanges(
  { db, secrets, audit, outbound, clock }: ForwardingDeps,
  { follow }: Pick<ReturnType<typeof createForwarderJob>, "follow">,
) {
  const seal = (row: Pick<ForwarderRow, "id" | "url">, headers: Readonly<Record<string, string>>) => ({
    headerNames: Object.keys(headers),
    sealedHeaders: secrets.seal(JSON.stringify(headers), contextOf(row)),
  });
  return {
    async create(scope: Scope, input: ForwarderInput): Promise<Forwarder> {
      checkHeaders(input.headers);
      checkUrl(input.url);
      await outbound.checkUrl(input.url);
      return db.transaction(async (tx) => {
        const store = createForwarderStore(tx);
        if ((await store.list(scope.projectId)).length >= MAX_FORWARDERS)
          throw new AppError("unprocessable", {
            message: `A project has at most ${MAX_FORWARDERS} forwarders. Delete one first.`,
          });
        const row = toRow(scope.projectId, input, { now: clock.now(), seal });
        await store.create(row);
        await follow(scope, tx);
        const details = { name: row.name, host: new URL(row.url).host, headers: row.headerNames };
        await audit.record(scope, { action: "forwarder.create", target: row.id, details }, tx);
        return toForwarder(row);
      });
    },
    async update(scope: Scope, forwarderId: string, { headers, ...patch }: ForwarderPatch): Promise<Forwarder> {
      const known = await getRow(db, scope, forwarderId);
      const url = patch.url ?? known.url;
      if (headers) checkHeaders(headers);
      checkUrl(url);
      if (url !== known.url) await outbound.checkUrl(url);
      const isMoved = originOf(url) !== originOf(known.url);
      // Kept headers must never go to a host that someone other than their giver chose.
      const sealed = headers || isMoved ? seal({ id: known.id, url }, headers ?? {}) : {};
      return db.transaction(async (tx) => {
        const retry = { failures: 0, nextTryAt: null, lastError: "" };
        const changes = { ...patch, ...sealed, ...retry, updatedAt: new Date(clock.now()) };
        const row = await createForwarderStore(tx).update(scope.projectId, forwarderId, changes);
        if (!row) throw notFound("forwarder", forwarderId);
        if (row.isEnabled) await follow(scope, tx);
        const details = { name: row.name, fields: Object.keys(patch), ...(isMoved && { host: new URL(url).host }) };
        await audit.record(scope, { action: "forwarder.update", target: row.id, details }, tx);
        return toForwarder(row);
      });
    },
    async delete(scope: Scope, forwarderId: string): Promise<void> {
      await db.transaction(async (tx) => {
        const row = await createForwarderStore(tx).delete(scope.projectId, forwarderId);
        if (!row) throw notFound("forwarder", forwarderId);
        await audit.record(scope, { action: "forwarder.delete", target: row.id, details: { name: row.name } }, tx);
      });
    },
  };
}

function checkUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed && (parsed.protocol === "https:" || parsed.protocol === "http:")) return;
  throw new AppError("invalid_request", {
    message: "body.url: it is not an address such as https://host/v1/traces.",
    details: { param: "url" },
  });
}

type Making = {
  readonly now: number;
  readonly seal: (
    row: Pick<ForwarderRow, "id" | "url">,
    headers: Readonly<Record<string, string>>,
  ) => Pick<ForwarderRow, "headerNames" | "sealedHeaders">;
};

function toRow(projectId: string, { headers, since, ...input }: ForwarderInput, { now, seal }: Making): ForwarderRow {
  const id = newId("fwd", now);
  return {
    id,
    projectId,
    ...input,
    ...seal({ id, url: input.url }, headers),
    afterMs: since === undefined ? now : Date.parse(since),
    afterTraceId: "",
    afterSpanId: "",
    sentSpans: 0,
    refusedSpans: 0,
    lastSentAt: null,
    lastError: "",
    failures: 0,
    nextTryAt: null,
    createdAt: new Date(now),
    updatedAt: new Date(now),
  };
}
