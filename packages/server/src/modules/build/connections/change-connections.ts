import type { Connection, connectionsApi, ParsedOf } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Outbound } from "../../../platform/outbound/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Secrets } from "../../../platform/secrets/port.ts";
import type { Audit } from "../../system/audit/index.ts";
import { checkHeaders, originOf, toBaseUrl } from "./check-settings.ts";
import { findPreset, PRESETS, type Preset } from "./presets.ts";
import { keyContext } from "./resolve-connections.ts";
import { type ConnectionRow, createConnectionStore, type SealedKey } from "./store.ts";

type NewConnection = ParsedOf<(typeof connectionsApi)["POST /api/v1/connections"]>["body"];
type ConnectionPatch = ParsedOf<(typeof connectionsApi)["PATCH /api/v1/connections/:connectionId"]>["body"];
type KeyInput = NonNullable<NewConnection["keys"]>[number];
type Bound = Pick<ConnectionRow, "id" | "baseUrl">;

export type ChangeDeps = {
  readonly db: Postgres;
  readonly secrets: Secrets;
  readonly audit: Pick<Audit, "record">;
  readonly outbound: Pick<Outbound, "checkUrl">;
  readonly clock: Clock;
};

const TIMEOUTS: Connection["timeouts"] = { connectMs: 5_000, firstByteMs: 120_000, idleMs: 60_000, totalMs: 600_000 };
const MAX_RETRIES = 2;
/** A shorter key has no hint: four characters would be too much of it. */
const SHORTEST_HINTED = 16;

/** Changes of a connection, each in one transaction with its audit entry. */
export function createConnectionChanges({ db, secrets, audit, outbound, clock }: ChangeDeps) {
  const seal = (connection: Bound, keys: readonly KeyInput[]) =>
    sealKeys(keys, connection, { secrets, now: clock.now() });

  return {
    async create(scope: Scope, input: NewConnection): Promise<string> {
      const row = toRow(input, clock.now());
      await outbound.checkUrl(row.baseUrl);
      await db.transaction(async (tx) => {
        const store = createConnectionStore(tx);
        if (!(await store.create(scope.projectId, row))) throw slugTaken(row.slug);
        await store.saveKeys(seal(row, input.keys ?? []));
        const details = { slug: row.slug, host: new URL(row.baseUrl).host, keys: input.keys?.length ?? 0 };
        await audit.record(scope, { action: "connection.create", target: row.id, details }, tx);
      });
      return row.id;
    },

    async update(scope: Scope, connectionId: string, { keys, ...patch }: ConnectionPatch): Promise<void> {
      const known = await createConnectionStore(db).find(scope.projectId, connectionId);
      if (!known) throw notFound("connection", connectionId);
      checkHeaders(patch.headers ?? {});
      const given = addressAfter(patch, known.row);
      if (given !== known.row.baseUrl) await outbound.checkUrl(given);
      await db.transaction(async (tx) => {
        const store = createConnectionStore(tx);
        await store.lock(scope.projectId, connectionId);
        const current = await store.find(scope.projectId, connectionId);
        if (!current) throw notFound("connection", connectionId);
        // Only a change that names an address may change it, however the row has changed since it was read.
        const baseUrl = given === known.row.baseUrl ? current.row.baseUrl : given;
        const isMoved = originOf(baseUrl) !== originOf(current.row.baseUrl);
        // A stored key must never be sent to an address that someone other than its giver chose.
        if (isMoved || keys) await store.deleteKeys(connectionId);
        await store.update(scope.projectId, connectionId, { ...patch, baseUrl, updatedAt: new Date(clock.now()) });
        if (keys) await store.saveKeys(seal({ id: connectionId, baseUrl }, keys));
        const details = {
          slug: current.row.slug,
          fields: Object.keys(patch),
          ...(keys && { newKeys: keys.length }),
          ...(isMoved && {
            oldHost: new URL(current.row.baseUrl).host,
            newHost: new URL(baseUrl).host,
            wipedKeys: current.keys.length,
          }),
        };
        await audit.record(scope, { action: "connection.update", target: connectionId, details }, tx);
      });
    },

    async delete(scope: Scope, connectionId: string): Promise<void> {
      await db.transaction(async (tx) => {
        const store = createConnectionStore(tx);
        const slug = await store.delete(scope.projectId, connectionId);
        if (slug === undefined) throw notFound("connection", connectionId);
        await audit.record(scope, { action: "connection.delete", target: connectionId, details: { slug } }, tx);
      });
    },
  };
}

const slugTaken = (slug: string) =>
  new AppError("conflict", {
    message: `There is already a connection "${slug}". Choose another slug, or change the existing connection.`,
    details: { param: "slug" },
  });

function sealKeys(
  keys: readonly KeyInput[],
  { id, baseUrl }: Bound,
  { secrets, now }: { secrets: Secrets; now: number },
): SealedKey[] {
  return keys.map(({ value, weight }, position) => ({
    // Ids sort by time: keys of one request keep their order.
    id: newId("ckey", now + position),
    connectionId: id,
    sealedValue: secrets.seal(value, keyContext(id, baseUrl)),
    hint: value.length < SHORTEST_HINTED ? "" : value.slice(-4),
    weight,
    createdAt: new Date(now),
  }));
}

function toRow(input: NewConnection, now: number): ConnectionRow {
  const preset = findPreset(input.preset);
  if (!preset) throw unknownPreset(input.preset);
  const region = input.region ?? null;
  checkHeaders(input.headers ?? {});
  return {
    id: newId("conn", now),
    slug: input.slug,
    name: input.name ?? preset.label,
    preset: preset.presetId,
    provider: preset.provider,
    baseUrl: toBaseUrl(input.baseUrl, preset, region),
    models: input.models ?? [],
    region,
    apiVersion: input.apiVersion ?? null,
    accessKeyId: input.accessKeyId ?? null,
    headers: input.headers ?? {},
    timeouts: input.timeouts ?? TIMEOUTS,
    maxRetries: input.maxRetries ?? MAX_RETRIES,
    cacheTtlSeconds: input.cacheTtlSeconds ?? 0,
    isEnabled: input.isEnabled ?? true,
    createdAt: new Date(now),
    updatedAt: new Date(now),
  };
}

function unknownPreset(id: string): AppError {
  const known = PRESETS.map(({ presetId }) => presetId).join(", ");
  return new AppError("invalid_request", {
    message: `body.preset: there is no preset "${id}". Available presets: ${known}.`,
    details: { param: "preset" },
  });
}

/**
 * The address after a change. An address from the preset's template follows the region; an address that a user
 * entered stays.
 */
function addressAfter(patch: Pick<ConnectionPatch, "baseUrl" | "region">, row: ConnectionRow): string {
  const preset = findPreset(row.preset);
  if (!preset) throw unknownPreset(row.preset);
  const region = patch.region === undefined ? row.region : patch.region;
  if (patch.baseUrl !== undefined) return toBaseUrl(patch.baseUrl, preset, region);
  return isFromTemplate(row, preset) ? toBaseUrl(undefined, preset, region) : row.baseUrl;
}

const isFromTemplate = ({ region, baseUrl }: ConnectionRow, preset: Preset) =>
  region !== null && preset.baseUrl.includes("{region}") && toBaseUrl(undefined, preset, region) === baseUrl;
