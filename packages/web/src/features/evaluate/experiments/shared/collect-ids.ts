type Page = { readonly items: readonly { readonly itemId: string }[]; readonly nextCursor: string | null };

/** The ids of the items on all pages of a list, up to a limit. */
export async function collectIds(load: (cursor: string | undefined) => Promise<Page>, most: number): Promise<string[]> {
  const itemIds: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await load(cursor);
    itemIds.push(...page.items.map(({ itemId }) => itemId));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && itemIds.length < most);
  return itemIds.slice(0, most);
}
