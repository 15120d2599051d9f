import type { Member, Role } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { AppError } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import { fromTimeCursor, toPage } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Audit } from "../../audit/index.ts";
import type { Authentication } from "../sign-in/authenticate.ts";
import { saveSignInToken } from "../sign-in/sign-in-tokens.ts";
import { createMemberStore } from "../stores/member-store.ts";
import { createUserStore } from "../stores/user-store.ts";
import { checkMayGive, getMember, keepAnOwner } from "./member-rules.ts";

type Deps = {
  readonly db: Postgres;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly authentication: Authentication;
};
type Invited = { readonly email: string; readonly name?: string; readonly role: Role };

const INVITATION_HOURS = 72;

/** The person with an email, created if there is none. `isNew` is true until the account is first used. */
async function findOrCreateUser(
  tx: Postgres,
  { email, name = email }: Invited,
  { projectId, now }: { projectId: string; now: number },
) {
  const users = createUserStore(tx);
  const known = await users.findByEmail(email);
  if (known) {
    const isElsewhere = await createMemberStore(tx).isElsewhere(projectId, known.userId);
    return { userId: known.userId, isNew: !known.hasPassword && !known.hasBeenSeen && !isElsewhere };
  }
  const row = { id: newId("user", now), email, name, passwordHash: null, createdAt: new Date(now), lastSeenAt: null };
  return { userId: (await users.create(row)).userId, isNew: true };
}

/**
 * The people of a project. Only an owner adds, changes or removes an owner. A user cannot give a role with more
 * permissions than their own.
 */
export function createMembers({ db, audit, clock, authentication }: Deps) {
  return {
    async list(scope: Scope, page: { limit: number; cursor?: string }) {
      const after = page.cursor === undefined ? null : fromTimeCursor(page.cursor);
      const rows = await createMemberStore(db).list(scope.projectId, { limit: page.limit + 1, after });
      return toPage<Member>(rows, page.limit, ({ createdAt, userId }) => [createdAt, userId]);
    },

    /**
     * The path signs a new person in once. A person with an account gets the plain sign-in page: the inviting user must
     * not have a link that opens the account.
     */
    async invite(scope: Scope, invited: Invited) {
      const { email, role } = invited;
      const { projectId } = scope;
      const now = clock.now();
      const invitation = await db.transaction(async (tx) => {
        await checkMayGive(tx, scope, { role });
        const { userId, isNew } = await findOrCreateUser(tx, invited, { projectId, now });
        const isAdded = await createMemberStore(tx).create({ projectId, userId, role, createdAt: new Date(now) });
        if (!isAdded) throw new AppError("conflict", { message: `${email} is already a member of this project.` });
        const token = isNew ? await saveSignInToken(tx, { userId, now, hours: INVITATION_HOURS }) : null;
        await audit.record(scope, { action: "member.invite", target: userId, details: { email, role } }, tx);
        const signInPath = token === null ? "/sign-in" : `/sign-in#token=${token}`;
        return { ...(await getMember(tx, scope, userId)), signInPath };
      });
      authentication.forgetUser(invitation.userId);
      return invitation;
    },

    async updateRole(scope: Scope, userId: string, role: Role): Promise<Member> {
      const updated = await db.transaction(async (tx) => {
        const member = await getMember(tx, scope, userId);
        await checkMayGive(tx, scope, { role, current: member.role });
        if (member.role === "owner" && role !== "owner") await keepAnOwner(tx, scope, userId);
        await createMemberStore(tx).updateRole(scope.projectId, userId, role);
        const details = { from: member.role, to: role };
        await audit.record(scope, { action: "member.update", target: userId, details }, tx);
        return { ...member, role };
      });
      authentication.forgetUser(userId);
      return updated;
    },

    async remove(scope: Scope, userId: string): Promise<void> {
      await db.transaction(async (tx) => {
        const { email, role } = await getMember(tx, scope, userId);
        await checkMayGive(tx, scope, { current: role });
        if (role === "owner") await keepAnOwner(tx, scope, userId);
        await createMemberStore(tx).delete(scope.projectId, userId);
        await audit.record(scope, { action: "member.remove", target: userId, details: { email, role } }, tx);
      });
      authentication.forgetUser(userId);
    },
  };
}
