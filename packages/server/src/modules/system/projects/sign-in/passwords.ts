import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { createFairQueue } from "./fair-queue.ts";

/** OWASP's scrypt setting of 32 MiB a hash: N = 2^15, r = 8, p = 3. */
const COST = { logN: 15, r: 8, p: 3 };
const HASH_BYTES = 32;
/**
 * A hash takes a third of a second of a core and 32 MiB. One runs at a time, so that calls of the gateway have the other cores.
 * Each address may have a few waiting: a person sends one.
 */
const LIMITS = { running: 1, waitingEach: 4, waiting: 200 };

type Cost = typeof COST;

const derive = (password: string, salt: Buffer, { logN, r, p }: Cost): Promise<Buffer> => {
  const options: ScryptOptions = { N: 2 ** logN, r, p, maxmem: 256 * 2 ** logN * r };
  return new Promise((resolve, reject) =>
    scrypt(password.normalize("NFKC"), salt, HASH_BYTES, options, (error, hash) =>
      error ? reject(error) : resolve(hash),
    ),
  );
};

const encode = ({ logN, r, p }: Cost, salt: Buffer, hash: Buffer) =>
  ["scrypt", logN, r, p, salt.toString("base64url"), hash.toString("base64url")].join("$");

function decode(encoded: string) {
  const [kind, logN, r, p, salt = "", hash = ""] = encoded.split("$");
  if (kind !== "scrypt") throw new Error(`the password hash has the unknown kind "${kind}"`);
  const cost = { logN: Number(logN), r: Number(r), p: Number(p) };
  return { cost, salt: Buffer.from(salt, "base64url"), hash: Buffer.from(hash, "base64url") };
}

/** Slow hashes of passwords, one at a time; callers alternate. Throws `rate_limited` and `overloaded` as the queue does. */
export function createPasswords(deriveKey: typeof derive = derive) {
  const inTurn = createFairQueue(LIMITS);
  return {
    hash: (password: string, caller: string) =>
      inTurn(caller, async () => {
        const salt = randomBytes(16);
        return encode(COST, salt, await deriveKey(password, salt, COST));
      }),
    /** Takes as long for a person who does not exist (null) as for a wrong password. */
    verify: (password: string, encoded: string | null, caller: string) =>
      inTurn(caller, async () => {
        if (encoded === null) {
          await deriveKey(password, Buffer.alloc(16), COST);
          return false;
        }
        const { cost, salt, hash } = decode(encoded);
        return timingSafeEqual(await deriveKey(password, salt, cost), hash);
      }),
  };
}
export type Passwords = ReturnType<typeof createPasswords>;
