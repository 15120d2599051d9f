import type { User } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Audit } from "../../audit/index.ts";
import { createSessionStore } from "../stores/session-store.ts";
import { createUserStore } from "../stores/user-store.ts";
import type { Authentication } from "./authenticate.ts";
import { hashOf, sessionTokenOf } from "./credentials.ts";
import type { CheckPassword } from "./password-check.ts";
import type { Passwords } from "./passwords.ts";

type Deps = {
  readonly db: Postgres;
  readonly audit: Audit;
  readonly authentication: Authentication;
  readonly passwords: Passwords;
  readonly checkPassword: CheckPassword;
};
type Change = {
  readonly name?: string;
  readonly email?: string;
  readonly password?: string;
  readonly currentPassword?: string;
};
/** Where a change comes from: its session stays when the others end. */
type From = { readonly cookie: string | undefined; readonly remoteAddress: string };

/** For calls that only a person can make. */
export const needsPerson = () =>
  new AppError("forbidden", {
    message: "An API key has no user account and no session. Sign in with an email and a password.",
  });

/** The caller's own name, email and password. */
export function createAccount({ db, audit, authentication, passwords, checkPassword }: Deps) {
  async function checkAllowed(user: User, change: Change, { remoteAddress }: From): Promise<void> {
    const isGuarded = change.password !== undefined || change.email !== undefined;
    if (!isGuarded || !user.hasPassword) return;
    const password = change.currentPassword;
    if (password === undefined) {
      const message = "Enter your current password to change the password or the email.";
      throw new AppError("invalid_request", { message, details: { param: "currentPassword" } });
    }
    await checkPassword({ email: user.email, password, remoteAddress }).catch((cause) => {
      if (!(cause instanceof AppError) || cause.code !== "unauthorized") throw cause;
      throw new AppError("forbidden", { message: "The current password is wrong.", cause });
    });
  }

  return {
    /** A new password ends every other session of the person, and their unused sign-in links. */
    async update(scope: Scope, change: Change, from: From): Promise<User> {
      const { userId } = scope;
      const user = userId === null ? undefined : await createUserStore(db).find(userId);
      if (!user) throw needsPerson();
      await checkAllowed(user, change, from);
      const { name, email, password } = change;
      const passwordHash = password === undefined ? undefined : await passwords.hash(password, from.remoteAddress);
      if (name === undefined && email === undefined && passwordHash === undefined) return user;
      const updated = await db.transaction(async (tx) => {
        const users = createUserStore(tx);
        const holder = email === undefined ? undefined : await users.findByEmail(email);
        if (holder && holder.userId !== user.userId)
          throw new AppError("conflict", { message: `${email} belongs to another account. Choose another email.` });
        if (passwordHash !== undefined) await endOthers(tx, user.userId, from.cookie);
        const details = { name, email, isPasswordChanged: passwordHash !== undefined };
        await audit.record(scope, { action: "account.update", target: user.userId, details }, tx);
        return (await users.update(user.userId, { name, email, passwordHash })) ?? user;
      });
      authentication.forgetUser(user.userId);
      return updated;
    },
  };
}

async function endOthers(tx: Postgres, userId: string, cookie: string | undefined): Promise<void> {
  const store = createSessionStore(tx);
  await store.deleteOthers(userId, hashOf(sessionTokenOf(cookie) ?? ""));
  await store.deleteTokens(userId);
}
