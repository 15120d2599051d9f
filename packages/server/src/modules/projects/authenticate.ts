import { timingSafeEqual } from "node:crypto";
import { type Permission, ROLE_PERMISSIONS, ROLES, type Role } from "@treadle/contract";
import type { Clock } from "../../kernel/clock.ts";
import { AppError } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Postgres } from "../../platform/postgres/port.ts";
import { type Credentials, hashOf, isKeyShaped, keyOf, sessionTokenOf } from "./credentials.ts";
import { createGuesses } from "./guesses.ts";
import { createKeyStore } from "./key-store.ts";
import { createMemberStore } from "./member-store.ts";
import { createRemembered } from "./remembered.ts";
import { createSentBefore } from "./sent-before.ts";
import { createSessionStore } from "./session-store.ts";
import { createUserStore } from "./user-store.ts";

type Caller = { readonly remoteAddress: string; readonly connection: object | undefined };
type KeyCaller = { readonly apiKeyId: string; readonly scope: Scope; lastNotedAt: number };
type SessionCaller = {
  readonly userId: string;
  readonly tokenHash: string;
  readonly expiresAt: number;
  readonly scopes: ReadonlyMap<string, Scope>;
  readonly first: Scope;
};

export const SESSION_SECONDS = 30 * 24 * 3_600;
const RENEW_AFTER_MS = 24 * 3_600_000;
const NOTE_USE_MS = 60_000;

const PERMISSIONS_OF = new Map<Role, ReadonlySet<Permission>>(
  ROLES.map((role) => [role, new Set(ROLE_PERMISSIONS[role])]),
);
const NONE: ReadonlySet<Permission> = new Set();

/** Who a request comes from, by API key or by session. Nothing here is awaited for a caller who is remembered. */
export function createAuthenticate({ db, clock }: { db: Postgres; clock: Clock }) {
  const keys = createRemembered<KeyCaller>({ clock, load: (hash) => loadKey(db, hash) });
  const sessions = createRemembered<SessionCaller>({ clock, load: (hash) => loadSession(db, { hash, clock }) });
  const guesses = createGuesses({ clock, free: 30, firstWaitSeconds: 1, maxWaitSeconds: 60 });
  const inTurn = createTurns();
  const hashKey = createSentBefore((key) => (isKeyShaped(key) ? hashOf(key) : null));
  const hashToken = createSentBefore(hashOf);

  /** A wrong key is null; the answer turns into `rate_limited` for an address that tries many. A right key never waits. */
  function refuse(remoteAddress: string): null {
    guesses.noteWrong(remoteAddress);
    const retryAfterSeconds = guesses.waitSeconds(remoteAddress);
    if (retryAfterSeconds === 0) return null;
    throw new AppError("rate_limited", {
      message: "Too many wrong API keys came from your address. Check the key.",
      retryAfterSeconds,
    });
  }

  function accept(caller: KeyCaller, { "x-treadle-project": asked }: Credentials): Scope {
    if (asked !== undefined && asked !== caller.scope.projectId) throw unknownProject(String(asked));
    const now = clock.now();
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
    const isGuessing = guesses.waitSeconds(remoteAddress) > 0;
    const caller = isGuessing ? await inTurn(remoteAddress, () => keys.lookUp(hash)) : await keys.lookUp(hash);
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
    /** A connection is whatever stands for one that may bring more than this request. */
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
    forgetKey: (hash: string) => keys.forget(hash),
    forgetSession: (hash: string) => sessions.forget(hash),
    forgetUser: (userId: string) => sessions.forgetWhere((caller) => caller.userId === userId),
  };
}
export type Authentication = ReturnType<typeof createAuthenticate>;

async function loadKey(db: Postgres, keyHash: string): Promise<KeyCaller | null> {
  const key = await createKeyStore(db).findByHash(keyHash);
  if (!key || !timingSafeEqual(Buffer.from(key.keyHash), Buffer.from(keyHash))) return null;
  const scope = { projectId: key.projectId, actor: key.id, userId: null, permissions: new Set(key.permissions) };
  return { apiKeyId: key.id, scope, lastNotedAt: key.lastUsedAt === null ? 0 : Date.parse(key.lastUsedAt) };
}

async function loadSession(
  db: Postgres,
  { hash, clock }: { hash: string; clock: Clock },
): Promise<SessionCaller | null> {
  const now = clock.now();
  const session = await createSessionStore(db).find(hash, new Date(now));
  if (!session) return null;
  const { userId, tokenHash } = session;
  const isDueForRenewal = now + SESSION_SECONDS * 1_000 - session.expiresAt.getTime() > RENEW_AFTER_MS;
  const expiresAt = isDueForRenewal ? new Date(now + SESSION_SECONDS * 1_000) : session.expiresAt;
  if (isDueForRenewal) await createSessionStore(db).renew(tokenHash, expiresAt);
  await createUserStore(db).saveSeen(userId, new Date(now));
  const scopes = new Map<string, Scope>();
  for (const { projectId, role } of await createMemberStore(db).listRoles(userId)) {
    scopes.set(projectId, { projectId, actor: userId, userId, permissions: PERMISSIONS_OF.get(role) ?? NONE });
  }
  const [first = { projectId: "", actor: userId, userId, permissions: NONE }] = scopes.values();
  return { userId, tokenHash, expiresAt: expiresAt.getTime(), scopes, first };
}

/** The same for a project of others and for none at all. */
const unknownProject = (id: string) =>
  new AppError("not_found", {
    message: `The header x-treadle-project names "${id.slice(0, 100)}", which is no project that this key or session opens. Leave the header out, or see GET /api/v1/projects.`,
    details: { kind: "project", param: "x-treadle-project" },
  });

const MAX_WAITING = 20;

/** For who guesses: one question to the database at a time, so that guessing takes nothing from anybody else. */
function createTurns() {
  const turns = new Map<string, { last: Promise<unknown>; waiting: number }>();
  return async function inTurn<Result>(who: string, work: () => Promise<Result>): Promise<Result> {
    const turn = turns.get(who) ?? { last: Promise.resolve(), waiting: 0 };
    if (turn.waiting >= MAX_WAITING) throw new AppError("rate_limited", { retryAfterSeconds: 5 });
    turns.set(who, turn);
    turn.waiting++;
    const result = turn.last.then(work);
    turn.last = result.catch(() => undefined);
    try {
      return await result;
    } finally {
      turn.waiting--;
      if (turn.waiting === 0) turns.delete(who);
    }
  };
}
