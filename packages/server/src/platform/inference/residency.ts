import { AppError } from "../../kernel/errors.ts";
import { messageOf } from "../../kernel/message-of.ts";
import type { EngineModel } from "./port.ts";

export type Resident = {
  readonly id: string;
  readonly kind: "chat" | "embedding";
  readonly memoryBytes: number;
  /** Another model that must be in memory as long as this one is. */
  readonly overId?: string;
  /** Loads the model in the child. */
  readonly load: () => Promise<void>;
  readonly unload: () => Promise<void>;
};
type Entry = {
  readonly model: Resident;
  memoryBytes: number;
  state: EngineModel["state"];
  error: string | null;
  users: number;
  /** Callers that wait for it to be loaded. */
  coming: number;
  lastUsedAt: number;
  /** The active load or unload. */
  change: Promise<void> | null;
  /** Called when the last user has left. */
  whenFree: (() => void)[];
  /** Releases its base model. */
  letGo: (() => void) | null;
  /** The process died while it loaded this model: only a person may try again. */
  isSuspect: boolean;
  /** It is being removed and accepts no more users. */
  isLeaving: boolean;
};

type Options = {
  readonly budgetBytes: number;
  readonly onEmpty: () => void;
  /** How long a load waits while all room is in use: after an alias has moved, the version before it is soon free. */
  readonly waitMs?: number;
};

/** Limits the loaded models to a memory budget. The least recently used is unloaded first; a model in use never is. */
export function createResidency({ budgetBytes, onEmpty, waitMs = 20_000 }: Options) {
  const entries = new Map<string, Entry>();
  const state: State = { entries, budgetBytes, onEmpty, waitMs, whenLeft: new Set(), tail: Promise.resolve() };
  return {
    add(model: Resident) {
      entries.set(model.id, {
        model,
        memoryBytes: model.memoryBytes,
        state: "ready",
        error: null,
        users: 0,
        coming: 0,
        lastUsedAt: 0,
        change: null,
        whenFree: [],
        letGo: null,
        isSuspect: false,
        isLeaving: false,
      });
    },
    /** Lets its users finish, and accepts no others. Returns the removed models: it and its dependents. */
    remove: (id: string) => remove(state, id),
    has: (id: string) => entries.has(id),
    find: (id: string) => entries.get(id)?.model,
    /** From now on it takes so much more when it is in memory. */
    widen(id: string, bytes: number) {
      find(state, id).memoryBytes += bytes;
    },
    list: (): EngineModel[] =>
      [...entries.values()].map(({ model, memoryBytes, state, error }) => ({
        id: model.id,
        state,
        error,
        memoryBytes,
      })),
    usedBytes: () => usedBytes(state),
    /** Loads the model if need be and holds it in memory until the function it resolves with is called. */
    hold: (id: string) => hold(state, id),
    /** Loads it, also if it crashed the process before. */
    async load(id: string) {
      find(state, id).isSuspect = false;
      (await hold(state, id))();
    },
    unload: (id: string) => unloadWhole(state, id),
    /** The process is gone, and with it all that was loaded. */
    forgetAll() {
      for (const entry of entries.values()) {
        if (entry.state === "loading") {
          entry.state = "failed";
          entry.isSuspect = true;
          entry.error = "The model process stopped while it loaded this model. Load the model by hand to try again.";
        } else if (entry.state === "loaded") entry.state = "ready";
        letGo(entry);
      }
    },
  };
}
export type Residency = ReturnType<typeof createResidency>;

type State = {
  readonly entries: Map<string, Entry>;
  readonly budgetBytes: number;
  readonly onEmpty: () => void;
  readonly waitMs: number;
  /** Called when a model has lost its last user. */
  readonly whenLeft: Set<() => void>;
  tail: Promise<void>;
};

function find({ entries }: State, id: string): Entry {
  const entry = entries.get(id);
  if (!entry || entry.isLeaving)
    throw new AppError("not_found", {
      message: `There is no local model "${id}". GET /api/v1/models lists the available models.`,
    });
  return entry;
}

const isInMemory = (entry: Entry) => entry.state === "loaded" || entry.state === "loading";
const usedBytes = ({ entries }: State) =>
  [...entries.values()].filter(isInMemory).reduce((sum, entry) => sum + entry.memoryBytes, 0);

async function hold(state: State, id: string): Promise<() => void> {
  const entry = find(state, id);
  entry.coming++;
  try {
    await arrive(state, entry);
    entry.users++;
  } finally {
    entry.coming--;
    tellFree(entry);
  }
  return () => leave(state, entry);
}

/** Resolves at the moment when it is loaded and stays so. */
async function arrive(state: State, entry: Entry): Promise<void> {
  while (true) {
    if (entry.isSuspect) throw new AppError("model_failed", { message: entry.error ?? undefined });
    // An unload waits for its users, so a new caller must not become one yet.
    if (entry.change) await entry.change;
    else if (entry.state === "loaded") return;
    else await startLoad(state, entry);
  }
}

function tellFree(entry: Entry) {
  if (entry.users === 0) for (const look of entry.whenFree.splice(0)) look();
}

function leave({ whenLeft }: State, entry: Entry) {
  entry.users--;
  entry.lastUsedAt = performance.now();
  tellFree(entry);
  if (entry.users === 0) for (const look of [...whenLeft]) look();
}

/** Loads run one after another, because each needs the remaining budget of the one before. The base is held first. */
async function startLoad(state: State, entry: Entry): Promise<void> {
  const { overId } = entry.model;
  const below = overId === undefined ? null : await hold(state, overId);
  const turn = state.tail.then(() => load(state, entry, below));
  state.tail = turn.catch(() => undefined);
  return turn;
}

function letGo(entry: Entry) {
  entry.letGo?.();
  entry.letGo = null;
}

async function load(state: State, entry: Entry, below: (() => void) | null) {
  if (entry.state === "loaded") return below?.();
  try {
    await bring(state, entry);
    entry.letGo = below;
  } catch (error) {
    below?.();
    throw error;
  }
}

async function bring(state: State, entry: Entry) {
  await makeRoom(state, entry);
  entry.state = "loading";
  entry.error = null;
  try {
    await entry.model.load();
    entry.state = "loaded";
  } catch (error) {
    if (!entry.isSuspect) {
      entry.state = "failed";
      entry.error = messageOf(error);
    }
    throw error;
  }
}

async function makeRoom(state: State, entry: Entry) {
  const needed = entry.memoryBytes;
  if (needed > state.budgetBytes) {
    throw new AppError("unprocessable", {
      message: `"${entry.model.id}" needs about ${mib(needed)} MiB of memory, but local models may use only ${mib(state.budgetBytes)} MiB in total. Raise TREADLE_MODEL_MEMORY_MB or use a smaller model.`,
      details: { neededBytes: needed, budgetBytes: state.budgetBytes },
    });
  }
  const deadline = performance.now() + state.waitMs;
  while (usedBytes(state) + needed > state.budgetBytes) {
    const idle = [...state.entries.values()].filter(
      (other) => other.state === "loaded" && other.users === 0 && !other.change,
    );
    const oldest = idle.toSorted((a, b) => a.lastUsedAt - b.lastUsedAt)[0];
    if (!oldest) {
      if (await somebodyLeaves(state, deadline)) continue;
      throw new AppError("overloaded", {
        message: `"${entry.model.id}" needs about ${mib(needed)} MiB of memory. Models that are busy use ${mib(usedBytes(state))} of ${mib(state.budgetBytes)} MiB. Try again shortly.`,
        details: { neededBytes: needed, usedBytes: usedBytes(state), budgetBytes: state.budgetBytes },
        retryAfterSeconds: 5,
      });
    }
    await unload(state, oldest);
  }
}

/** Whether a model lost its last user before the deadline. */
function somebodyLeaves({ whenLeft }: State, deadline: number): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (hasLeft: boolean) => {
      clearTimeout(timer);
      whenLeft.delete(look);
      resolve(hasLeft);
    };
    const look = () => settle(true);
    const timer = setTimeout(() => settle(false), Math.max(0, deadline - performance.now()));
    whenLeft.add(look);
  });
}

/** Its dependents are removed first, since they would hold it forever. */
async function unloadWhole(state: State, id: string) {
  const entry = find(state, id);
  for (const other of state.entries.values()) if (other.model.overId === id) await unload(state, other);
  await unload(state, entry);
}

async function remove(state: State, id: string): Promise<string[]> {
  const { entries } = state;
  const leaving = [...entries.values()].filter(({ model }) => model.id === id || model.overId === id);
  for (const entry of leaving) entry.isLeaving = true;
  for (const entry of leaving.toSorted((a, b) => Number(a.model.id === id) - Number(b.model.id === id))) {
    // Earlier callers are still answered.
    while (entry.users + entry.coming > 0) await new Promise<void>((resolve) => entry.whenFree.push(resolve));
    await unload(state, entry);
    if (entries.get(entry.model.id) === entry) entries.delete(entry.model.id);
  }
  return leaving.map(({ model }) => model.id);
}

/** Waits for active requests. Later requests wait for its end and load the model again. */
async function unload(state: State, entry: Entry) {
  if (entry.change) return entry.change;
  if (entry.state === "failed") entry.state = "ready";
  if (entry.state !== "loaded") return;
  entry.change = (async () => {
    if (entry.users > 0) await new Promise<void>((resolve) => entry.whenFree.push(resolve));
    if (entry.state === "loaded") await entry.model.unload();
    entry.state = "ready";
    letGo(entry);
  })();
  try {
    await entry.change;
  } finally {
    entry.change = null;
    if (usedBytes(state) === 0) state.onEmpty();
  }
}

const mib = (bytes: number) => Math.ceil(bytes / (1024 * 1024));
