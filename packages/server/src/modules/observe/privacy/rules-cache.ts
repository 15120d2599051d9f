import { randomBytes } from "node:crypto";
import { AppError } from "../../../kernel/errors.ts";
import type { PrivacyRules } from "../redaction/index.ts";
import type { PrivacyDeps } from "./deps.ts";
import { createPrivacyStore, type PrivacyRow } from "./store.ts";
import { DEFAULTS, toRules } from "./to-rules.ts";

const KEY_BYTES = 32;
export const contextOf = (projectId: string) => `privacy ${projectId}`;

type Remembered = {
  readonly version: number;
  readonly rules: PrivacyRules | null;
  readonly recordsContentReads: boolean;
};
type KeyDeps = Pick<PrivacyDeps, "db" | "secrets" | "log">;

/** The secrets of hashes. Where the server's own secret was replaced, earlier hashes cannot be made again. */
function createKeys({ db, secrets, log }: KeyDeps) {
  const newKey = (projectId: string) => secrets.seal(randomBytes(KEY_BYTES).toString("hex"), contextOf(projectId));
  return {
    newKey,
    async open(row: PrivacyRow): Promise<string> {
      try {
        return secrets.open(row.sealedKey, contextOf(row.projectId));
      } catch (error) {
        log.warn({ error, projectId: row.projectId }, "the key of a project's hashes was lost; new hashes differ");
        const sealedKey = newKey(row.projectId);
        await createPrivacyStore(db).save({ ...row, sealedKey });
        return secrets.open(sealedKey, contextOf(row.projectId));
      }
    },
  };
}

/** The rules of all projects in memory, so that no span waits for them. */
export function createRulesCache({ readOptions, ...deps }: PrivacyDeps) {
  const byProject = new Map<string, Remembered>();
  const keys = createKeys(deps);
  let isRead = false;

  async function remember(row: PrivacyRow): Promise<void> {
    const rules = toRules(row, await keys.open(row), readOptions);
    const { version } = row;
    const { recordsContentReads } = { ...DEFAULTS, ...row.settings };
    // Two changes at the same moment can end in another order.
    if ((byProject.get(row.projectId)?.version ?? 0) < row.version)
      byProject.set(row.projectId, { version, rules, recordsContentReads });
  }

  return {
    newKey: keys.newKey,
    remember,
    async read(): Promise<void> {
      for (const row of await createPrivacyStore(deps.db).listAll()) await remember(row);
      isRead = true;
    },
    recordsReads: (projectId: string): boolean =>
      byProject.get(projectId)?.recordsContentReads ?? DEFAULTS.recordsContentReads,
    rulesOf(projectId: string): PrivacyRules | null {
      if (!isRead) throw notRead();
      return byProject.get(projectId)?.rules ?? null;
    },
  };
}

const notRead = () =>
  new AppError("unavailable", {
    message: "The server is still starting and has not read the privacy settings. Send the request again.",
    retryAfterSeconds: 1,
  });
