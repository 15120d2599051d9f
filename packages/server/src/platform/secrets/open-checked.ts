import type { Clock } from "../../kernel/clock.ts";
import type { Postgres } from "../postgres/port.ts";
import { createKeyCheckStore } from "./key-check-store.ts";
import { openSecrets } from "./open.ts";
import type { SealedSecret, Secrets, Signer } from "./port.ts";

type Options = {
  readonly db: Postgres;
  readonly folder: string;
  readonly key: string | undefined;
  /** Secrets that are stored, a few of each kind: for a database that has no check yet. */
  readonly listSealed: () => Promise<readonly SealedSecret[]>;
  /** Accepts a different key than the stored secrets' key. The secrets are then lost. */
  readonly mayReplaceKey: boolean;
  readonly clock: Clock;
};

const CONTEXT = "secret-key-check";

/** The key is missing, or not the key with which the stored secrets were sealed. */
export class WrongSecretKeyError extends Error {
  override readonly name = "WrongSecretKeyError";
}

/**
 * Opens the encryption of stored secrets and makes sure that they can be decrypted. A key is created only if nothing
 * was sealed before: a new key with old secrets would make the server call providers without their keys.
 */
export async function openCheckedSecrets({ db, folder, key, ...options }: Options): Promise<Secrets & Signer> {
  const { listSealed, mayReplaceKey, clock } = options;
  const store = createKeyCheckStore(db);
  const check = await store.find();
  const sealed = check === undefined ? await listSealed() : [{ value: check, context: CONTEXT }];
  const secrets = await openSecrets({ folder, key, mayMakeKey: sealed.length === 0 || mayReplaceKey });
  if (secrets === null) throw wrongKey(`The secret key is missing: ${folder} has no file secret.key`);
  const fits = sealed.length === 0 || sealed.some((secret) => canOpen(secrets, secret));
  if (!fits && !mayReplaceKey) {
    const source = key === undefined ? `The file secret.key in ${folder}` : "TREADLE_SECRET_KEY";
    throw wrongKey(`${source} is not the key that the stored secrets were encrypted with`);
  }
  if (!fits || check === undefined) await store.save(secrets.seal("", CONTEXT), new Date(clock.now()));
  return secrets;
}

function canOpen(secrets: Secrets, { value, context }: SealedSecret): boolean {
  try {
    secrets.open(value, context);
    return true;
  } catch {
    return false;
  }
}

const wrongKey = (problem: string) =>
  new WrongSecretKeyError(
    `${problem}, so provider keys, headers of forwarders, tokens of compute targets and secrets of notification channels cannot be decrypted. ` +
      "Restore secret.key from the backup, or set TREADLE_SECRET_KEY to that key. " +
      "If the key is lost, start once with TREADLE_REPLACE_SECRET_KEY=true and enter these secrets again.",
  );
