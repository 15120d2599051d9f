/** An entry of a queue. */
export type Queued = {
  readonly actor: string;
  /** What it takes when its turn comes. */
  readonly cost: number;
  /** Entries of one actor are served in the order of their arrival. */
  readonly arrivedAt: number;
};
type Lane<Entry> = { readonly entries: Entry[]; deficit: number };

type State<Entry> = {
  /** In the order of their turns: the first lane has the turn. */
  readonly lanes: Map<string, Lane<Entry>>;
  size: number;
  /** The largest cost so far, so that each turn is enough for an entry. */
  quantum: number;
  /** Whether the first lane has got the amount of its turn. */
  hasTurn: boolean;
};

/**
 * A queue with one lane for each actor. Deficit round robin chooses between the lanes: each turn adds the same amount to what a lane
 * may take, so an actor with many entries, or with large ones, gets no more than an actor with few.
 */
export function createFairQueue<Entry extends Queued>() {
  const state: State<Entry> = { lanes: new Map(), size: 0, quantum: 0, hasTurn: false };
  const { lanes } = state;
  return {
    size: () => state.size,
    /** The entry whose turn it is; null for an empty queue. It stays the same until it is removed or an earlier one is added. */
    next: () => next(state),
    add: (entry: Entry) => add(state, entry),
    remove: (entry: Entry) => remove(state, entry),
    /** Removes an entry that gets what it needs. */
    serve(entry: Entry): void {
      const lane = lanes.get(entry.actor);
      if (lane && remove(state, entry)) lane.deficit -= entry.cost;
    },
    entries: (): Entry[] => [...lanes.values()].flatMap(({ entries }) => entries),
  };
}
export type FairQueue<Entry extends Queued> = ReturnType<typeof createFairQueue<Entry>>;

function next<Entry extends Queued>(state: State<Entry>): Entry | null {
  const { lanes } = state;
  for (;;) {
    const [first] = lanes;
    if (!first) return null;
    const [actor, lane] = first;
    if (!state.hasTurn) lane.deficit += state.quantum;
    state.hasTurn = true;
    const [entry] = lane.entries;
    if (entry && entry.cost <= lane.deficit) return entry;
    lanes.delete(actor);
    lanes.set(actor, lane);
    state.hasTurn = false;
  }
}

function add<Entry extends Queued>(state: State<Entry>, entry: Entry): void {
  const { actor, arrivedAt, cost } = entry;
  const lane = state.lanes.get(actor) ?? { entries: [], deficit: 0 };
  state.lanes.set(actor, lane);
  const place = lane.entries.findLastIndex((other) => other.arrivedAt <= arrivedAt) + 1;
  lane.entries.splice(place, 0, entry);
  state.quantum = Math.max(state.quantum, cost);
  state.size += 1;
}

/** False for an entry that is not in the queue. */
function remove<Entry extends Queued>(state: State<Entry>, entry: Entry): boolean {
  const { lanes } = state;
  const lane = lanes.get(entry.actor);
  const place = lane?.entries.indexOf(entry) ?? -1;
  if (!lane || place < 0) return false;
  lane.entries.splice(place, 1);
  state.size -= 1;
  if (lane.entries.length > 0) return true;
  const [first] = lanes.keys();
  if (first === entry.actor) state.hasTurn = false;
  return lanes.delete(entry.actor);
}
