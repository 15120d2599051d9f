import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { AppError } from "../../kernel/errors.ts";

/** OWASP's scrypt setting of 32 MiB a hash: N = 2^15, r = 8, p = 3. */
const COST = { logN: 15, r: 8, p: 3 };
const HASH_BYTES = 32;
/** A hash takes a third of a second of a core and 32 MiB, so few run at once and few wait. */
const MAX_RUNNING = 2;
const MAX_WAITING = 20;

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
  if (kind !== "scrypt") throw new Error(`a password hash of the unknown kind "${kind}"`);
  const cost = { logN: Number(logN), r: Number(r), p: Number(p) };
  return { cost, salt: Buffer.from(salt, "base64url"), hash: Buffer.from(hash, "base64url") };
}

/** Slow hashes of passwords, a few at a time. Throws `overloaded` when too many already wait. */
export function createPasswords() {
  let running = 0;
  const waiting: (() => void)[] = [];

  async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (running >= MAX_RUNNING) {
      if (waiting.length >= MAX_WAITING) throw new AppError("overloaded", { retryAfterSeconds: 5 });
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  }

  return {
    hash: (password: string) =>
      inTurn(async () => {
        const salt = randomBytes(16);
        return encode(COST, salt, await derive(password, salt, COST));
      }),
    /** Takes as long for a person who does not exist (null) as for a wrong password. */
    verify: (password: string, encoded: string | null) =>
      inTurn(async () => {
        if (encoded === null) {
          await derive(password, Buffer.alloc(16), COST);
          return false;
        }
        const { cost, salt, hash } = decode(encoded);
        return timingSafeEqual(await derive(password, salt, cost), hash);
      }),
  };
}
export type Passwords = ReturnType<typeof createPasswords>;
