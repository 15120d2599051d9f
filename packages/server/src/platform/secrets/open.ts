import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import { link, open, readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Secrets, Signer } from "./port.ts";

type Options = {
  /** The default file of the key. */
  readonly folder: string;
  /** 32 bytes in base64 or base64url. */
  readonly key?: string | undefined;
  /** Whether a key may be created if the folder has none. */
  readonly mayMakeKey: boolean;
};

const FILE = "secret.key";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = "aes-256-gcm";
/** A prefix of each sealed value, so that another sealing method can be distinguished later. */
const FORM = "v1.";

/**
 * Opens the encryption of stored keys. Without `key`, it reads the folder's key, which only its owner can read. Null if
 * there is none and none may be created.
 */
export async function openSecrets({ folder, key, mayMakeKey }: Options): Promise<(Secrets & Signer) | null> {
  if (key !== undefined) return createSecrets(readKey(key, "TREADLE_SECRET_KEY"));
  const path = join(folder, FILE);
  const stored = await readFile(path, "utf8").catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    return mayMakeKey ? makeKey(path) : null;
  });
  return stored === null ? null : createSecrets(readKey(stored.trim(), path));
}

function readKey(text: string, source: string): Buffer {
  const key = Buffer.from(text, "base64");
  if (key.length === KEY_BYTES) return key;
  throw new Error(
    `${source} does not contain 32 bytes in base64, so provider keys cannot be decrypted. Enter the original key; a new key cannot decrypt existing secrets.`,
  );
}

/** Writes a new key whole or not at all: what would be sealed with half a key could never be opened again. */
async function makeKey(path: string): Promise<string> {
  const key = randomBytes(KEY_BYTES).toString("base64");
  const unfinished = `${path}.${randomBytes(6).toString("hex")}.new`;
  const file = await open(unfinished, "wx", 0o600);
  try {
    await file.writeFile(`${key}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    // A link, unlike a rename, never replaces a key that is already there.
    await link(unfinished, path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    await unlink(unfinished);
  }
  return readFile(path, "utf8");
}

function createSecrets(key: Buffer): Secrets & Signer {
  // A separate key, so that no signature is made with the key that encrypts.
  const signingKey = createHmac("sha256", key).update("treadle signatures").digest();
  return {
    sign: (text, context) => createHmac("sha256", signingKey).update(`${context}\0${text}`).digest("base64url"),
    seal(plain, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(context));
      const sealed = Buffer.concat([nonce, cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
      return FORM + sealed.toString("base64url");
    },
    open(sealed, context) {
      const bytes = Buffer.from(sealed.startsWith(FORM) ? sealed.slice(FORM.length) : "", "base64url");
      if (bytes.length < NONCE_BYTES + TAG_BYTES)
        throw new Error("This is not an encrypted value, or a part of it is missing.");
      const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(context));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        return decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
      } catch (cause) {
        throw new Error(
          "A stored key cannot be decrypted. It was encrypted with another secret key (TREADLE_SECRET_KEY, or secret.key in the data folder) or for another row. " +
            "Restore that secret key, or enter the provider's key again.",
          { cause },
        );
      }
    },
  };
}
