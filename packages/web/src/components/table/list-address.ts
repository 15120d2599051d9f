type Step = {
  readonly type: "push" | "replace" | "back";
  /** The list from which the thing that is open was opened, as text; undefined when going back would not lead there. */
  readonly openedFrom: string | undefined;
};

type Change<Search extends object> = {
  readonly search: Search;
  readonly next: Search;
  readonly keys: readonly (keyof Search & string)[];
  readonly openedFrom: string | undefined;
};

/** What a change of a list's address does to the browser's history. */
export function stepOf<Search extends object>({ search, next, keys, openedFrom }: Change<Search>): Step {
  const [id] = keys;
  const list = listOf(search, keys);
  const after = { ...search, ...next };
  const wasOpen = id !== undefined && search[id] !== undefined;
  const isOpen = id !== undefined && after[id] !== undefined;
  const isSameList = listOf(after, keys) === list;
  if (!wasOpen && isOpen) return { type: "push", openedFrom: isSameList ? list : undefined };
  if (wasOpen && !isOpen && isSameList && openedFrom === list) return { type: "back", openedFrom: undefined };
  return { type: "replace", openedFrom: isOpen ? openedFrom : undefined };
}

/** The address without what is open, in a fixed order. */
const listOf = <Search extends object>(search: Search, keys: readonly string[]): string =>
  JSON.stringify(
    Object.entries(search)
      .filter(([name, value]) => value !== undefined && !keys.includes(name))
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
