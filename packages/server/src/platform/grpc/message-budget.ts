/** What a message is taken for before it has come whole: a call does not say how long it will be. */
const UNKNOWN_BYTES = 1024 * 1024;

/** The room that one message takes. */
export type Room = {
  /** The message has come and is this long. */
  fill(bytes: number): void;
  giveBack(): void;
};

/**
 * Lets messages be received as long as those under way come to no more than `maxBytes` together. One alone is always let in.
 */
export function createMessageBudget(maxBytes: number) {
  let taken = 0;
  return {
    takenBytes: () => taken,
    /** Null while there is no room. */
    admit(): Room | null {
      if (taken > 0 && taken + UNKNOWN_BYTES > maxBytes) return null;
      let size = UNKNOWN_BYTES;
      taken += size;
      const resize = (bytes: number) => {
        taken += bytes - size;
        size = bytes;
      };
      return { fill: resize, giveBack: () => resize(0) };
    },
  };
}
export type MessageBudget = ReturnType<typeof createMessageBudget>;
