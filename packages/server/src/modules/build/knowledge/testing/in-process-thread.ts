import type { Thread, Work } from "../../../../platform/threads/port.ts";

type OrderTable = Readonly<Record<string, { readonly order: unknown; readonly answer: unknown }>>;

/** A thread whose work is done here. Orders and answers are copied like those of a real one. `restart` loses what it holds. */
export function createInProcessThread<Orders extends OrderTable>(
  makeWork: () => Work<Orders>,
): Thread<Orders> & { restart(): void } {
  let work = makeWork();
  return {
    async ask(name, order) {
      const copy = structuredClone(order);
      await new Promise(setImmediate);
      return structuredClone(await work[name](copy));
    },
    async close() {},
    restart() {
      work = makeWork();
    },
  };
}
