import { randomBytes } from "node:crypto";
import { PrivacySettings, type StoredPrivacySettings } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { AppError } from "../../../kernel/errors.ts";
import type { Log } from "../../../kernel/log.ts";
import { messageOf } from "../../../kernel/message-of.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { SealedSecret, Secrets } from "../../../platform/secrets/port.ts";
import type { Audit } from "../../system/audit/index.ts";
import { createRedactors, type PrivacyRules, type Redactor } from "../redaction/index.ts";
import { createPrivacyStore, type PrivacyRow } from "./store.ts";

export type PrivacyDeps = {
  readonly db: Postgres;
  readonly audit: Pick<Audit, "record">;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly log: Log;
  /** The options of a detector, with defaults. Throws an error that says what is wrong with them. */
  readonly readOptions: (detector: string, options: Readonly<Record<string, unknown>>) => unknown;
};

const KEY_BYTES = 32;
const DEFAULTS: PrivacySettings = PrivacySettings.parse({ isEnabled: false });
const contextOf = (projectId: string) => `privacy ${projectId}`;

/** The sealed keys of some projects, the newest. */
export async function listSealedPrivacyKeys(db: Postgres): Promise<SealedSecret[]> {
  const rows = (await createPrivacyStore(db).listAll()).slice(0, 20);
  return rows.map(({ projectId, sealedKey }) => ({ value: sealedKey, context: contextOf(projectId) }));
}

/** What is removed from each project's traces before they are stored. All rules are in memory, so that no span waits for them. */
export function createPrivacy({ db, audit, secrets, clock, log, readOptions }: PrivacyDeps) {
  const redactorOf = createRedactors();
  const byProject = new Map<string, { readonly version: number; readonly rules: PrivacyRules | null }>();
  let isRead = false;

  function newKey(projectId: string): string {
    return secrets.seal(randomBytes(KEY_BYTES).toString("hex"), contextOf(projectId));
  }

  /** Where the server's secret was replaced, earlier hashes cannot be made again. */
  async function openKey(row: PrivacyRow): Promise<string> {
    try {
      return secrets.open(row.sealedKey, contextOf(row.projectId));
    } catch (error) {
      log.warn({ error, projectId: row.projectId }, "the key of a project's hashes was lost; new hashes differ");
      const sealedKey = newKey(row.projectId);
      await createPrivacyStore(db).save({ ...row, sealedKey });
      return secrets.open(sealedKey, contextOf(row.projectId));
    }
  }

  async function remember(row: PrivacyRow): Promise<void> {
    const rules = toRules(row, await openKey(row), readOptions);
    // Two changes at the same moment can end in another order.
    if ((byProject.get(row.projectId)?.version ?? 0) < row.version)
      byProject.set(row.projectId, { version: row.version, rules });
  }

  async function read(): Promise<void> {
    for (const row of await createPrivacyStore(db).listAll()) await remember(row);
    isRead = true;
  }

  function rulesOf(projectId: string): PrivacyRules | null {
    if (isRead) return byProject.get(projectId)?.rules ?? null;
    throw new AppError("unavailable", {
      message: "The server is still starting and has not read the privacy settings. Send the request again.",
      retryAfterSeconds: 1,
    });
  }

  return {
    start: read,
    rulesOf,
    /** For texts outside spans, such as feedback; null if everything is stored as it was sent. */
    redactorFor(projectId: string): Redactor | null {
      const rules = rulesOf(projectId);
      return rules && redactorOf(rules);
    },
    async get({ projectId }: Scope): Promise<StoredPrivacySettings> {
      return toStored(await createPrivacyStore(db).find(projectId));
    },
    /** Applies to everything that arrives after it resolves. */
    async save(scope: Scope, settings: PrivacySettings): Promise<StoredPrivacySettings> {
      checkOptions(settings, readOptions);
      const row = await db.transaction(async (tx) => {
        const store = createPrivacyStore(tx);
        const earlier = await store.lock(scope.projectId);
        const saved = {
          projectId: scope.projectId,
          settings,
          sealedKey: earlier?.sealedKey ?? newKey(scope.projectId),
          version: (earlier?.version ?? 0) + 1,
          updatedAt: new Date(clock.now()),
        };
        await store.save(saved);
        const details = { ...settings, version: saved.version };
        await audit.record(scope, { action: "privacy.update", target: scope.projectId, details }, tx);
        return saved;
      });
      await remember(row);
      return toStored(row);
    },
  };
}
export type PrivacyService = ReturnType<typeof createPrivacy>;

const toStored = (row: PrivacyRow | undefined): StoredPrivacySettings => ({
  ...DEFAULTS,
  ...row?.settings,
  version: row?.version ?? 0,
  updatedAt: row?.updatedAt.toISOString() ?? null,
});

type ReadOptions = PrivacyDeps["readOptions"];

/** Null if everything is stored as it was sent. */
function toRules({ projectId, settings, version }: PrivacyRow, hashKey: string, readOptions: ReadOptions) {
  const { isEnabled, detectors, fields, replacement, failure, media, contentShare } = { ...DEFAULTS, ...settings };
  if (!isEnabled && contentShare === 1) return null;
  return {
    revision: `${projectId} ${version}`,
    detectors: isEnabled ? detectors.map((one) => ({ ...one, options: readStored(one, readOptions) })) : [],
    fields,
    replacement,
    failure,
    media,
    contentShare,
    hashKey,
  } satisfies PrivacyRules;
}

/** Options that were valid once. If this version cannot read them, the detector fails, and texts are withheld. */
function readStored({ detector, options }: PrivacySettings["detectors"][number], readOptions: ReadOptions): unknown {
  try {
    return readOptions(detector, options);
  } catch {
    return null;
  }
}

function checkOptions({ detectors }: PrivacySettings, readOptions: ReadOptions): void {
  for (const [place, { detector, options }] of detectors.entries()) {
    try {
      readOptions(detector, options);
    } catch (error) {
      throw new AppError("unprocessable", {
        message: `The detector "${detector}" cannot use these options: ${messageOf(error)}`,
        details: { param: `detectors.${place}.options` },
      });
    }
  }
}
