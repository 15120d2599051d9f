/** Does `send` at the end of this turn of the event loop, and gives `fail` what it throws. */
export type SendTogether = (send: () => void, fail: (error: unknown) => void) => void;

/**
 * Holds responses until every arrived request is processed, then sends them in order. Their reader is woken once and
 * continues reading while the rest is written. Sent one by one, each finds its reader asleep, and waking it costs more
 * than most responses.
 */
export function createSendTogether(): SendTogether {
  let waiting: { readonly send: () => void; readonly fail: (error: unknown) => void }[] = [];

  function sendAll() {
    const all = waiting;
    waiting = [];
    for (const { send, fail } of all) {
      try {
        send();
      } catch (error) {
        fail(error);
      }
    }
  }

  return function sendTogether(send, fail) {
    waiting.push({ send, fail });
    if (waiting.length === 1) setImmediate(sendAll);
  };
}
