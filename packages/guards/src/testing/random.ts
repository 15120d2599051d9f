/** Draws the same values in each run. */
export function createDraw(seed: number) {
  let state = seed >>> 0;
  const below = (most: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * most);
  };
  const from = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item;
  const signs = (length: number, alphabet: string): string =>
    Array.from({ length }, () => alphabet.charAt(below(alphabet.length))).join("");
  return { below, from, signs, digits: (length: number) => signs(length, "0123456789") };
}

export type Draw = ReturnType<typeof createDraw>;
