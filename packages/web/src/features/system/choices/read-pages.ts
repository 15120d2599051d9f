/** The maximum number of choices; a longer list has a separate page with a search. */
const MOST = 2_000;

type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null };

/** All pages of a list, one after another, or as many as hold two thousand. */
export async function readPages<Item>(read: (cursor: string | undefined) => Promise<Page<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await read(cursor);
    items.push(...page.items);
    if (page.nextCursor === null || items.length >= MOST) return items;
    cursor = page.nextCursor;
  }
}
