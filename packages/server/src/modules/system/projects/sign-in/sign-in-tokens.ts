import { newSecret } from "../../../../kernel/ids.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createSessionStore } from "../stores/session-store.ts";
import { hashOf } from "./credentials.ts";

/** A token that signs a person in once, within `hours`. Earlier ones of the same person stop working. */
export async function saveSignInToken(
  tx: Postgres,
  { userId, now, hours }: { userId: string; now: number; hours: number },
): Promise<string> {
  const token = newSecret("in");
  const expiresAt = new Date(now + hours * 3_600_000);
  await createSessionStore(tx).replaceToken({ tokenHash: hashOf(token), userId, createdAt: new Date(now), expiresAt });
  return token;
}
