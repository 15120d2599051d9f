/** Does `send` at the end of this turn of the event loop, and gives `fail` what it throws. */
export type SendTogether = (send: () => void, fail: (error: unknown) => void) => void;

/**
 * Holds answers until every request that has arrived is worked on, then sends them in the order they were ready. Whoever reads them is woken once
 * and reads on while the rest is written; sent one by one, each finds its reader asleep again, and waking it costs more than most answers do.
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
