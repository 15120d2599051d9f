/** The assumed size of a message until it is complete, because a call does not declare its length. */
const UNKNOWN_BYTES = 1024 * 1024;

/** The room that one message takes. */
export type Room = {
  /** The message has come and is this long. */
  fill(bytes: number): void;
  giveBack(): void;
};

/**
 * Admits messages as long as the messages in progress use at most `maxBytes` together. A single message is always
 * admitted.
 */
export function createMessageBudget(maxBytes: number) {
  let takenBytes = 0;
  return {
    takenBytes: () => takenBytes,
    /** Null if there is no room. */
    admit(): Room | null {
      if (takenBytes > 0 && takenBytes + UNKNOWN_BYTES > maxBytes) return null;
      let size = UNKNOWN_BYTES;
      takenBytes += size;
      const resize = (bytes: number) => {
        takenBytes += bytes - size;
        size = bytes;
      };
      return { fill: resize, giveBack: () => resize(0) };
    },
  };
}
export type MessageBudget = ReturnType<typeof createMessageBudget>;
