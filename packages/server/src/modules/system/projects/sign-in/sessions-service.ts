import { randomBytes } from "node:crypto";
import type { ProjectAccess, Session } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { AppError } from "../../../../kernel/errors.ts";
import { createRateLimit } from "../../../../kernel/rate-limit.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Audit } from "../../audit/index.ts";
import { createMemberStore } from "../stores/member-store.ts";
import { accessOfMember, stateOf } from "../stores/project-access.ts";
import { createSessionStore } from "../stores/session-store.ts";
import { createUserStore } from "../stores/user-store.ts";
import { needsPerson } from "./account-service.ts";
import { type Authentication, SESSION_SECONDS } from "./authenticate.ts";
import { hashOf, sessionCookie, sessionTokenOf } from "./credentials.ts";
import type { CheckPassword } from "./password-check.ts";

type Deps = {
  readonly db: Postgres;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly authentication: Authentication;
  readonly checkPassword: CheckPassword;
  /** Whether people reach the server by https; the cookie is then for https only. */
  readonly isHttps: boolean;
};

/** Per address, for right and wrong credentials: many people may share one. */
const SIGN_INS_PER_MINUTE = 30;

type Credential = { readonly token: string } | { readonly email: string; readonly password: string };

/** Signs in and out. A session is a random token in a cookie; only its hash is stored. */
export function createSessions({ db, audit, clock, authentication, checkPassword, isHttps }: Deps) {
  const attempts = createRateLimit(clock, "Sign-ins from your address come");
  const cookieOf = (token: string, maxAgeSeconds = SESSION_SECONDS) => sessionCookie(token, { maxAgeSeconds, isHttps });

  async function takeToken(tx: Postgres, token: string): Promise<string> {
    const userId = await createSessionStore(tx).takeToken(hashOf(token), new Date(clock.now()));
    if (userId !== undefined) return userId;
    throw new AppError("unauthorized", {
      message: "This sign-in link has expired or was already used. Request a new link.",
    });
  }

  async function open(tx: Postgres, userId: string): Promise<{ session: Session; cookie: string }> {
    const now = new Date(clock.now());
    const token = randomBytes(32).toString("base64url");
    const store = createSessionStore(tx);
    await store.deleteExpired(now);
    const expiresAt = new Date(now.getTime() + SESSION_SECONDS * 1_000);
    await store.create({ tokenHash: hashOf(token), userId, createdAt: now, expiresAt });
    await createUserStore(tx).saveSeen(userId, now);
    const session = await readSession(tx, userId);
    const [first] = session.projects;
    if (first) {
      const scope = { projectId: first.projectId, actor: userId, userId, permissions: new Set(first.permissions) };
      await audit.record(scope, { action: "session.create", target: userId }, tx);
    }
    return { session, cookie: cookieOf(token) };
  }

  return {
    /** Throws `unauthorized` for what is wrong and `rate_limited` for who tries too often. */
    async signIn(credential: Credential, remoteAddress: string) {
      attempts.take(remoteAddress, SIGN_INS_PER_MINUTE);
      if ("token" in credential) return db.transaction(async (tx) => open(tx, await takeToken(tx, credential.token)));
      const userId = await checkPassword({ ...credential, remoteAddress });
      return db.transaction((tx) => open(tx, userId));
    },

    /** The session, and its cookie again with a new age, so that who comes by stays signed in. */
    async get(scope: Scope, cookie: string | undefined): Promise<{ session: Session; cookie: string | null }> {
      if (scope.userId === null) throw needsPerson();
      const token = sessionTokenOf(cookie);
      return { session: await readSession(db, scope.userId), cookie: token && cookieOf(token) };
    },

    async signOut(scope: Scope, cookie: string | undefined): Promise<{ cookie: string }> {
      const token = sessionTokenOf(cookie);
      if (scope.userId === null || token === null) throw needsPerson();
      await createSessionStore(db).delete(hashOf(token));
      authentication.forgetSession(hashOf(token));
      return { cookie: cookieOf("", 0) };
    },
  };
}

async function readSession(db: Postgres, userId: string): Promise<Session> {
  const user = await createUserStore(db).find(userId);
  if (!user) throw new AppError("unauthorized");
  const roles = await createMemberStore(db).listRoles(userId);
  const firstRole = roles.find(({ project }) => project.isFirst)?.role;
  const projects = roles.map(({ role, project }): ProjectAccess => {
    const { id, name, isSample, isFirst, purgeAt } = project;
    const { permissions } = accessOfMember(role, firstRole, project);
    const state = stateOf(project);
    return {
      projectId: id,
      name,
      isSample,
      isFirst,
      state,
      purgeAt: purgeAt?.toISOString() ?? null,
      role,
      permissions: [...permissions],
    };
  });
  return { user, projects };
}
