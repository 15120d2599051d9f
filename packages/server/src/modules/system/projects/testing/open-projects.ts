import type { Clock } from "../../../../kernel/clock.ts";
import { openTestPostgres } from "../../../../platform/postgres/testing/open-test-postgres.ts";
import { createAudit } from "../../audit/index.ts";
import { createProjects } from "../service.ts";

const ADDRESS = "10.0.0.1";

/** A clock that stands until it is moved. */
function createTestClock() {
  let now = Date.parse("2026-01-01T00:00:00Z");
  const clock: Clock = { now: () => now, elapsed: () => now };
  const move = (ms: number) => {
    now += ms;
  };
  return { ...clock, move };
}

/** The module over a separate seeded database, with its first owner signed in. */
export async function openProjects() {
  const store = await openTestPostgres();
  const clock = createTestClock();
  const audit = createAudit({ db: store.db, clock });
  const projects = createProjects({ db: store.db, audit, clock });
  const seeded = await projects.seedFirstProject({});

  /** The scope behind a cookie or a key; throws when it is not right. */
  async function scopeOf(credentials: Parameters<typeof projects.authenticate>[0], address = ADDRESS) {
    const scope = await projects.authenticate(credentials, address);
    if (!scope) throw new Error("this credential is wrong");
    return scope;
  }
  /** Signs in with a one-time token; gives the cookie a browser would send and its scope. */
  async function enter(token: string) {
    const { cookie } = await projects.sessions.signIn({ token }, ADDRESS);
    const sent = cookie.split(";", 1)[0] ?? "";
    return { cookie: sent, scope: await scopeOf({ cookie: sent }) };
  }
  const owner = await enter((await projects.newSignInToken()) ?? "");
  /** Invites a person and signs them in. */
  async function join(email: string, role: "owner" | "admin" | "member" | "viewer") {
    const { userId, signInPath } = await projects.members.invite(owner.scope, { email, role });
    return { userId, ...(await enter(signInPath.split("=")[1] ?? "")) };
  }
  return { db: store.db, clock, audit, projects, seeded, owner, enter, join, scopeOf, close: store.close };
}
export type OpenProjects = Awaited<ReturnType<typeof openProjects>>;
