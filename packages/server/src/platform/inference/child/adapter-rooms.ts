import type { LlamaContext, LlamaModel } from "node-llama-cpp";
import type { Lora } from "./lora-weights.ts";
import { setLoras } from "./lora-weights.ts";
import { createSequences, type Sequences } from "./sequences.ts";

type Opened = { readonly context: LlamaContext; readonly sequences: Sequences };
type Room = {
  /** With the weights of `lora` over it. */
  ready: Promise<Opened>;
  lora: Lora | null;
  users: number;
  lastUsedAt: number;
};
type Waiter = { readonly lora: Lora; readonly enter: (room: Room) => void };
type Options = {
  readonly createContext: () => ReturnType<LlamaModel["createContext"]>;
  /** How many adapters can answer at the same time. */
  readonly most: number;
};

/**
 * Contexts that the adapters over one model share. A context often takes more memory than the model, so adapters have
 * no separate ones: an idle context gets another adapter's weights, which takes no time, and another context is created
 * only while all are in use. Requests without a free context wait in a fair queue.
 */
export function createAdapterRooms({ createContext, most }: Options) {
  const rooms: Room[] = [];
  const line: Waiter[] = [];

  async function open(): Promise<Opened> {
    const context = await createContext();
    return { context, sequences: createSequences(context) };
  }
  function openRoom(): Room {
    const room: Room = { ready: open(), lora: null, users: 0, lastUsedAt: 0 };
    rooms.push(room);
    // A context that could not be created does not count. Its waiting request gets the error.
    room.ready.catch(() => rooms.splice(rooms.indexOf(room), 1));
    return room;
  }
  /** A room with this adapter in it, held; null while all are in use by others. */
  function roomFor(lora: Lora): Room | null {
    const own = rooms.find((room) => room.lora === lora);
    const idle = rooms.filter(({ users }) => users === 0).toSorted((a, b) => a.lastUsedAt - b.lastUsedAt)[0];
    const room = own ?? idle ?? (rooms.length < most ? openRoom() : null);
    if (!room) return null;
    room.users++;
    if (room.lora !== lora) {
      room.lora = lora;
      room.ready = room.ready.then((opened) => put(opened, lora));
      room.ready.catch(() => undefined);
    }
    return room;
  }
  function enter(lora: Lora): Promise<Room> {
    const room = line.length === 0 ? roomFor(lora) : null;
    return room ? Promise.resolve(room) : new Promise((resolve) => line.push({ lora, enter: resolve }));
  }
  function leave(room: Room) {
    room.users--;
    room.lastUsedAt = performance.now();
    for (let next = line[0]; next; next = line[0]) {
      const free = roomFor(next.lora);
      if (!free) return;
      line.shift();
      next.enter(free);
    }
  }

  return {
    /** Makes the first one, so that the first request need not. */
    async prepare(): Promise<void> {
      await (rooms[0] ?? openRoom()).ready;
    },
    /** Where requests of an adapter are answered. */
    sequencesOf: (lora: Lora): Pick<Sequences, "take"> => ({
      async take(wish) {
        const room = await enter(lora);
        try {
          const sequence = await (await room.ready).sequences.take(wish);
          const giveBack = () => {
            sequence.giveBack();
            leave(room);
          };
          return { ...sequence, giveBack };
        } catch (error) {
          leave(room);
          throw error;
        }
      },
    }),
    /** Unsets an adapter before its weights are freed. It must not be in use. */
    async clear(lora: Lora): Promise<void> {
      for (const room of rooms) {
        if (room.lora !== lora) continue;
        room.lora = null;
        room.ready = room.ready.then((opened) => put(opened, null));
        await room.ready;
      }
    },
  };
}
export type AdapterRooms = ReturnType<typeof createAdapterRooms>;

/** Text that was read with other weights cannot be continued. */
function put(opened: Opened, lora: Lora | null): Opened {
  opened.sequences.forget();
  setLoras(opened.context, lora === null ? [] : [lora]);
  return opened;
}
