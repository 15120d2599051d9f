type Page<Item> = { readonly items: Item[]; readonly nextCursor: string | null };

/** What the server puts in one page at most. */
const MOST_IN_PAGE = 200;

/**
 * Reads a list to its end and gives it as one page. `load` calls the endpoint with the given query, such as
 * `(query) => client.call("GET /api/v1/endpoints", { query })`.
 */
export async function readAllPages<Item>(
  load: (query: { limit: number; cursor?: string }) => Promise<Page<Item>>,
): Promise<Page<Item>> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Item> = await load({ limit: MOST_IN_PAGE, ...(cursor !== null && { cursor }) });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return { items, nextCursor: null };
}
