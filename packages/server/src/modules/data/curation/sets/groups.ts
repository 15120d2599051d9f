/** Rows that belong together, joined in pairs (union-find with path halving). A group is named by its first row. */
export function createGroups(rows: number) {
  const parents = Int32Array.from({ length: rows }, (_, row) => row);

  function find(row: number): number {
    let at = row;
    for (let parent = parents[at] ?? at; parent !== at; parent = parents[at] ?? at) {
      const above = parents[parent] ?? parent;
      parents[at] = above;
      at = above;
    }
    return at;
  }

  return {
    /** The first row of the group that a row is in. */
    find,
    join(one: number, two: number): void {
      const [first, second] = [find(one), find(two)];
      if (first < second) parents[second] = first;
      else parents[first] = second;
    },
    /** The group of each row; −1 for those that are alone in theirs. */
    list(): Int32Array {
      const sizes = new Uint32Array(rows);
      for (let row = 0; row < rows; row++) sizes[find(row)] = (sizes[find(row)] ?? 0) + 1;
      return Int32Array.from({ length: rows }, (_, row) => ((sizes[find(row)] ?? 0) > 1 ? find(row) : -1));
    },
  };
}
