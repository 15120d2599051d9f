import type { Permission } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { DAY_MS } from "../../../../kernel/day.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createKeyStore } from "../stores/key-store.ts";
import { createMemberStore } from "../stores/member-store.ts";
import { accessOfKey, accessOfMember, checkNotExpired, deletedMessage, stateOf } from "../stores/project-access.ts";
import { createSessionStore } from "../stores/session-store.ts";
import { createUserStore } from "../stores/user-store.ts";
import { createBatchLoad } from "./batch-load.ts";
import { createCredentialCache } from "./credential-cache.ts";
import { type Credentials, hashOf, isKeyShaped, keyOf, sessionTokenOf } from "./credentials.ts";
import { createLoginRateLimit } from "./login-rate-limit.ts";
import { createSentBefore } from "./sent-before.ts";

type Caller = { readonly remoteAddress: string; readonly connection: object | undefined };
type KeyCaller = {
  readonly apiKeyId: string;
  readonly scope: Scope;
  /** Why the key opens nothing although it is right; null for a key that works. */
  readonly refusal: string | null;
  /** Milliseconds since 1970; null for a key that does not expire. */
  readonly expiresAt: number | null;
  lastNotedAt: number;
};
type SessionCaller = {
  readonly userId: string;
  readonly tokenHash: string;
  readonly expiresAt: number;
  readonly scopes: ReadonlyMap<string, Scope>;
  readonly first: Scope;
};

export const SESSION_SECONDS = 30 * 24 * 3_600;
const RENEW_AFTER_MS = DAY_MS;
const NOTE_USE_MS = 60_000;

const NONE: ReadonlySet<Permission> = new Set();

/** Callers by their credential's hash; credentials that are not known are looked up together. */
function createCallers({ db, clock }: { db: Postgres; clock: Clock }) {
  const keys = createCredentialCache<KeyCaller>({ clock, load: createBatchLoad((hashes) => loadKeys(db, hashes)) });
  const findSession = createBatchLoad((hashes) => findSessions(db, { hashes, now: clock.now() }));
  const sessions = createCredentialCache<SessionCaller>({
    clock,
    async load(hash) {
      const session = await findSession(hash);
      return session && loadSession(db, { session, now: clock.now() });
    },
  });
  return { keys, sessions };
}

/** Identifies the caller of a request, by API key or session. It is synchronous for a cached caller. */
export function createAuthenticate({ db, clock }: { db: Postgres; clock: Clock }) {
  const { keys, sessions } = createCallers({ db, clock });
  const guesses = createLoginRateLimit({ clock, free: 30, firstWaitSeconds: 1, maxWaitSeconds: 60 });
  const hashKey = createSentBefore((key) => (isKeyShaped(key) ? hashOf(key) : null));
  const hashToken = createSentBefore(hashOf);

  /** A wrong key is null; the answer turns into `rate_limited` for an address that tries many. A right key never waits. */
  function refuse(remoteAddress: string): null {
    guesses.noteWrong(remoteAddress);
    const retryAfterSeconds = guesses.waitSeconds(remoteAddress);
    if (retryAfterSeconds === 0) return null;
    throw new AppError("rate_limited", {
      message: "Too many requests with a wrong API key came from your address. Check the key.",
      retryAfterSeconds,
    });
  }

  function accept(caller: KeyCaller, { "x-treadle-project": asked }: Credentials): Scope {
    if (caller.refusal !== null) throw new AppError("unauthorized", { message: caller.refusal });
    if (asked !== undefined && asked !== caller.scope.projectId) throw unknownProject(String(asked));
    const now = clock.now();
    checkNotExpired(caller, now);
    if (now - caller.lastNotedAt >= NOTE_USE_MS) {
      caller.lastNotedAt = now;
      // A use that could not be noted is noted a minute later.
      createKeyStore(db)
        .saveUse(caller.apiKeyId, new Date(now))
        .catch(() => undefined);
    }
    return caller.scope;
  }

  async function lookUpKey(hash: string, credentials: Credentials, remoteAddress: string): Promise<Scope | null> {
    const caller = await keys.lookUp(hash);
    return caller ? accept(caller, credentials) : refuse(remoteAddress);
  }

  function byKey(
    key: string,
    credentials: Credentials,
    { remoteAddress, connection }: Caller,
  ): Scope | null | Promise<Scope | null> {
    const hash = hashKey(key, connection);
    if (hash === null) return refuse(remoteAddress);
    const caller = keys.recall(hash);
    if (caller === undefined) return lookUpKey(hash, credentials, remoteAddress);
    return caller && accept(caller, credentials);
  }

  function choose(caller: SessionCaller | null, asked: string | undefined): Scope | null {
    if (caller === null || caller.expiresAt <= clock.now()) return null;
    if (asked === undefined) return caller.first;
    const scope = caller.scopes.get(asked);
    if (!scope) throw unknownProject(asked);
    return scope;
  }

  return {
    /** A connection is an object that represents the socket, which may carry more requests. */
    authenticate(
      credentials: Credentials,
      remoteAddress: string,
      connection?: object,
    ): Scope | null | Promise<Scope | null> {
      const key = keyOf(credentials);
      if (key !== null) return byKey(key, credentials, { remoteAddress, connection });
      const token = sessionTokenOf(credentials.cookie);
      if (token === null) return null;
      const asked = credentials["x-treadle-project"]?.toString();
      const hash = hashToken(token, connection);
      if (hash === null) return null;
      const caller = sessions.recall(hash);
      return caller === undefined ? sessions.lookUp(hash).then((found) => choose(found, asked)) : choose(caller, asked);
    },
    ...forgetting(keys, sessions),
  };
}
export type Authentication = ReturnType<typeof createAuthenticate>;

type Remembered<Value> = ReturnType<typeof createCredentialCache<Value>>;

/** Called after a change, so that it applies to the next request. */
const forgetting = (keys: Remembered<KeyCaller>, sessions: Remembered<SessionCaller>) => ({
  forgetKey: (hash: string) => keys.forget(hash),
  forgetSession: (hash: string) => sessions.forget(hash),
  forgetUser: (userId: string) => sessions.forgetWhere((caller) => caller.userId === userId),
  forgetAllSessions: () => sessions.forgetWhere(() => true),
  forgetProject(projectId: string) {
    keys.forgetWhere((caller) => caller.scope.projectId === projectId);
    sessions.forgetWhere((caller) => caller.scopes.has(projectId));
  },
});

async function loadKeys(db: Postgres, hashes: readonly string[]): Promise<ReadonlyMap<string, KeyCaller>> {
  const keys = await createKeyStore(db).findByHashes(hashes);
  return new Map(
    keys.map(({ apiKeyId, keyHash, projectId, project, permissions, models, expiresAt: until, lastUsedAt }) => {
      const access = { ...accessOfKey(permissions, project), ...(models !== null && { models }) };
      const scope = { projectId, actor: apiKeyId, userId: null, ...access };
      const expiresAt = until === null ? null : Date.parse(until);
      const refusal = stateOf(project) === "deleted" ? deletedMessage(project) : null;
      const lastNotedAt = lastUsedAt === null ? 0 : Date.parse(lastUsedAt);
      return [keyHash, { apiKeyId, scope, refusal, expiresAt, lastNotedAt }];
    }),
  );
}

type StoredSession = Awaited<ReturnType<ReturnType<typeof createSessionStore>["findMany"]>>[number];

async function findSessions(
  db: Postgres,
  { hashes, now }: { hashes: readonly string[]; now: number },
): Promise<ReadonlyMap<string, StoredSession>> {
  const sessions = await createSessionStore(db).findMany(hashes, new Date(now));
  return new Map(sessions.map((session) => [session.tokenHash, session]));
}

async function loadSession(
  db: Postgres,
  { session, now }: { session: StoredSession; now: number },
): Promise<SessionCaller> {
  const { userId, tokenHash } = session;
  const isDueForRenewal = now + SESSION_SECONDS * 1_000 - session.expiresAt.getTime() > RENEW_AFTER_MS;
  const expiresAt = isDueForRenewal ? new Date(now + SESSION_SECONDS * 1_000) : session.expiresAt;
  if (isDueForRenewal) await createSessionStore(db).renew(tokenHash, expiresAt);
  await createUserStore(db).saveSeen(userId, new Date(now));
  const scopes = new Map<string, Scope>();
  const roles = await createMemberStore(db).listRoles(userId);
  const firstRole = roles.find(({ project }) => project.isFirst)?.role;
  for (const { projectId, role, project } of roles)
    scopes.set(projectId, { projectId, actor: userId, userId, ...accessOfMember(role, firstRole, project) });
  const [first = { projectId: "", actor: userId, userId, permissions: NONE }] = scopes.values();
  return { userId, tokenHash, expiresAt: expiresAt.getTime(), scopes, first };
}

/** The same for a project of others and for none at all. */
const unknownProject = (id: string) =>
  new AppError("not_found", {
    message: `The header x-treadle-project names "${id.slice(0, 100)}", but this key or session has no access to such a project. Leave the header out, or list the projects with GET /api/v1/projects.`,
    details: { kind: "project", param: "x-treadle-project" },
  });
