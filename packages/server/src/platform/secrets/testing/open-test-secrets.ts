import { openSecrets } from "../open.ts";
import type { Secrets, Signer } from "../port.ts";

/** Encryption with `key`, or with the key of the folder, which is made when it is not there. */
export async function openTestSecrets(options: {
  readonly folder: string;
  readonly key?: string;
}): Promise<Secrets & Signer> {
  const secrets = await openSecrets({ ...options, mayMakeKey: true });
  if (secrets === null) throw new Error(`No key was made in ${options.folder}.`);
  return secrets;
}
