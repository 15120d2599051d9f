import { z } from "zod";

/** The query of every list: how many rows (1 to 200), and where the page before it ended. */
export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});

/** One page of a list; `nextCursor` is null on the last page. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

export const Timestamp = z.string().describe("ISO 8601, UTC");
export const Name = z.string().trim().min(1).max(120);
/** The answer of a call that only does something. */
export const Done = z.object({ ok: z.literal(true) });
