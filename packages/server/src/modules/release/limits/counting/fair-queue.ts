/** An entry of a queue. */
export type Queued = {
  readonly actor: string;
  /** What it takes when its turn comes. */
  readonly cost: number;
  /** Entries of one actor are served in the order of their arrival. */
  readonly arrivedAt: number;
};
type Lane<Entry> = { readonly entries: Entry[]; deficit: number };

/**
 * A queue with one lane for each actor. Deficit round robin chooses between the lanes: each turn adds the same amount to what a lane
 * may take, so an actor with many entries, or with large ones, gets no more than an actor with few.
 */
export function createFairQueue<Entry extends Queued>() {
  /** In the order of their turns: the first lane has the turn. */
  const lanes = new Map<string, Lane<Entry>>();
  let size = 0;
  /** The largest cost so far, so that each turn is enough for an entry. */
  let quantum = 0;
  /** Whether the first lane has got the amount of its turn. */
  let hasTurn = false;

  function next(): Entry | null {
    for (;;) {
      const [first] = lanes;
      if (!first) return null;
      const [actor, lane] = first;
      if (!hasTurn) lane.deficit += quantum;
      hasTurn = true;
      const [entry] = lane.entries;
      if (entry && entry.cost <= lane.deficit) return entry;
      lanes.delete(actor);
      lanes.set(actor, lane);
      hasTurn = false;
    }
  }

  function remove(entry: Entry): boolean {
    const { actor } = entry;
    const lane = lanes.get(actor);
    const place = lane?.entries.indexOf(entry) ?? -1;
    if (!lane || place < 0) return false;
    lane.entries.splice(place, 1);
    size -= 1;
    if (lane.entries.length > 0) return true;
    const [first] = lanes.keys();
    if (first === actor) hasTurn = false;
    lanes.delete(actor);
    return true;
  }

  return {
    size: () => size,
    /** The entry whose turn it is; null for an empty queue. It stays the same until it is removed or a lane before it changes. */
    next,
    remove,
    add(entry: Entry): void {
      const lane = lanes.get(entry.actor) ?? { entries: [], deficit: 0 };
      lanes.set(entry.actor, lane);
      const place = lane.entries.findLastIndex(({ arrivedAt }) => arrivedAt <= entry.arrivedAt) + 1;
      lane.entries.splice(place, 0, entry);
      quantum = Math.max(quantum, entry.cost);
      size += 1;
    },
    /** Removes an entry that gets what it needs. */
    serve(entry: Entry): void {
      const lane = lanes.get(entry.actor);
      if (lane && remove(entry)) lane.deficit -= entry.cost;
    },
    entries: (): Entry[] => [...lanes.values()].flatMap(({ entries }) => entries),
  };
}
export type FairQueue<Entry extends Queued> = ReturnType<typeof createFairQueue<Entry>>;
