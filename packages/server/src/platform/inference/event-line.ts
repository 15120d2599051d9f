/** Joins someone who calls back with someone who iterates: what is pushed comes out in order, and an error comes last. */
export function createEventLine<Item>() {
  const items: Item[] = [];
  let ending: { readonly error: unknown } | null = null;
  let wake: () => void = () => undefined;
  let isDropped = false;

  return {
    push(item: Item) {
      if (isDropped) return;
      items.push(item);
      wake();
    },
    /** For a reader that has left: pending and later events are dropped; the end is still reported. */
    drop() {
      isDropped = true;
      items.length = 0;
    },
    end() {
      ending ??= { error: null };
      wake();
    },
    fail(error: unknown) {
      ending ??= { error };
      wake();
    },
    async *read(): AsyncGenerator<Item, void> {
      while (true) {
        for (let item = items.shift(); item !== undefined; item = items.shift()) yield item;
        if (ending) {
          if (ending.error !== null) throw ending.error;
          return;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
