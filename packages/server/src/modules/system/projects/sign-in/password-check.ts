import type { Clock } from "../../../../kernel/clock.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createUserStore } from "../stores/user-store.ts";
import { createLoginRateLimit } from "./login-rate-limit.ts";
import type { Passwords } from "./passwords.ts";

type Deps = { readonly db: Postgres; readonly clock: Clock; readonly passwords: Passwords };
type Claim = { readonly email: string; readonly password: string; readonly remoteAddress: string };

/**
 * Checks an email and its password and returns the user's id. After wrong attempts, the caller waits longer each time,
 * counted by address and email together. Attempts of others do not block anyone, and API keys are never blocked.
 */
export function createPasswordCheck({ db, clock, passwords }: Deps) {
  const guesses = createLoginRateLimit({ clock, free: 4, firstWaitSeconds: 2, maxWaitSeconds: 300 });

  return async function checkPassword({ email, password, remoteAddress }: Claim): Promise<string> {
    const who = `${remoteAddress} ${email.toLowerCase()}`;
    const retryAfterSeconds = guesses.waitSeconds(who);
    if (retryAfterSeconds > 0) throw tooMany(retryAfterSeconds);
    // Counted before the slow part, so that many tries at once count as many.
    guesses.noteWrong(who);
    const known = await createUserStore(db).findPasswordHash(email);
    const isRight = await passwords.verify(password, known?.passwordHash ?? null, remoteAddress);
    if (!known || !isRight) throw new AppError("unauthorized", { message: "The email or the password is wrong." });
    guesses.forget(who);
    return known.userId;
  };
}
export type CheckPassword = ReturnType<typeof createPasswordCheck>;

function tooMany(retryAfterSeconds: number): AppError {
  const message = `Too many wrong passwords. Try again in ${Math.ceil(retryAfterSeconds)} seconds.`;
  return new AppError("rate_limited", { message, retryAfterSeconds });
}
