import { createHash } from "node:crypto";
import { createMasks, type MaskEntry, type Masks } from "@treadle/guards";
import type { Clock } from "../../../kernel/clock.ts";
import type { Log } from "../../../kernel/log.ts";
import type { Secrets } from "../../../platform/secrets/port.ts";
import type { MaskStore } from "./mask-store.ts";

type Deps = {
  readonly store: MaskStore;
  readonly secrets: Pick<Secrets, "seal" | "open">;
  readonly clock: Clock;
  readonly log: Log;
};
/** A session of a project: its placeholders stay the same from call to call. */
export type GuardedSession = { readonly projectId: string; readonly userId: string; readonly sessionId: string };
/** The placeholders of one call. */
export type CallMasks = { readonly masks: Masks; save(): void };
type Entry = { readonly masks: Masks; expiresAt: number; saved: number };

const MOST_SESSIONS = 10_000;
const SWEEP_INTERVAL_MS = 10 * 60_000;

/**
 * The values behind placeholders. Without a session they live as long as the call: a conversation repeats its messages, so each
 * value gets the same placeholder again. The placeholders of a session are stored, encrypted, until they expire.
 */
export function createSessionMasks(deps: Deps) {
  const write = createWrite(deps);
  const entryOf = createEntries(deps);
  return {
    /** Throws if the store is unavailable: without its values a placeholder could stand for two. */
    async open(session: GuardedSession | null, maskSeconds: number): Promise<CallMasks> {
      if (session === null) return { masks: createMasks(), save: () => undefined };
      const hash = hashOf(session);
      const entry = await entryOf(session, hash);
      entry.expiresAt = deps.clock.now() + maskSeconds * 1_000;
      return {
        masks: entry.masks,
        save() {
          if (entry.masks.size() === entry.saved) return;
          entry.saved = entry.masks.size();
          void write(session.projectId, hash, entry);
        },
      };
    },
  };
}

/** The sessions in memory. Calls of a session at the same moment share its placeholders. */
function createEntries({ store, secrets, clock }: Omit<Deps, "log">) {
  const entries = new Map<string, Entry>();

  async function load({ projectId }: GuardedSession, hash: string): Promise<Masks> {
    const sealed = await store.find(projectId, hash, new Date(clock.now()));
    if (sealed === undefined) return createMasks();
    const stored: MaskEntry[] = JSON.parse(secrets.open(sealed, contextOf(projectId, hash)));
    return createMasks(stored);
  }

  return async (session: GuardedSession, hash: string): Promise<Entry> => {
    const key = `${session.projectId} ${hash}`;
    const known = entries.get(key);
    if (known && known.expiresAt > clock.now()) return known;
    const masks = await load(session, hash);
    // Another call of the session may have loaded them in the meantime.
    const other = entries.get(key);
    if (other && other !== known) return other;
    const entry = { masks, expiresAt: 0, saved: masks.size() };
    if (entries.size >= MOST_SESSIONS) entries.clear();
    entries.set(key, entry);
    return entry;
  };
}

/** Stores the placeholders of a session, and deletes expired ones now and then. */
function createWrite({ store, secrets, clock, log }: Deps) {
  let sweptAt = clock.now();
  return async (projectId: string, hash: string, { masks, expiresAt }: Entry): Promise<void> => {
    try {
      const sealed = secrets.seal(JSON.stringify(masks.entries()), contextOf(projectId, hash));
      await store.save({ projectId, sessionHash: hash, sealed, expiresAt: new Date(expiresAt) });
      if (clock.now() - sweptAt < SWEEP_INTERVAL_MS) return;
      sweptAt = clock.now();
      await store.deleteExpired(new Date(sweptAt));
    } catch (error) {
      log.warn({ error }, "the placeholders of a session could not be stored");
    }
  };
}

const contextOf = (projectId: string, hash: string) => `guard-masks ${projectId} ${hash}`;

const hashOf = ({ userId, sessionId }: GuardedSession) =>
  createHash("sha256")
    .update(JSON.stringify([userId, sessionId]))
    .digest("hex");
