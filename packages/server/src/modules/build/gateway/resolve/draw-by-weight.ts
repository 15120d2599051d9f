type Weighted = { readonly weight: number };

/** Draws an item with a probability in proportion to its weight. Undefined for an empty list; the first item if every weight is 0. */
export function drawByWeight<Item extends Weighted>(items: readonly Item[], random: () => number): Item | undefined {
  if (items.length <= 1) return items[0];
  let rest = random() * items.reduce((sum, { weight }) => sum + weight, 0);
  for (const item of items) {
    rest -= item.weight;
    if (rest < 0) return item;
  }
  return items.find(({ weight }) => weight > 0) ?? items[0];
}

/** All items in a random order: each next item is drawn by weight from the remaining ones. */
export function orderByWeight<Item extends Weighted>(items: readonly Item[], random: () => number): readonly Item[] {
  const first = drawByWeight(items, random);
  if (first === undefined || items.length === 1) return items;
  return [
    first,
    ...orderByWeight(
      items.filter((item) => item !== first),
      random,
    ),
  ];
}
