import { z } from "zod";

/** The query of every list: how many rows (1 to 200), and where the page before it ended. */
export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe("Items per page."),
  cursor: z
    .string()
    .max(500)
    .optional()
    .describe("The `nextCursor` of the previous page, which is null on the last page."),
});

/** The response of every operation that lists: one page. `nextCursor` is null on the last page, and always in a list without paging. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

const FIRST_YEAR = 2000;
const LAST_YEAR = 2199;
/** A time that is stored, ISO 8601 with an offset. Databases and languages disagree about years such as 20. */
export const StoredTime = z.iso.datetime({ offset: true }).refine((text) => {
  const year = new Date(text).getUTCFullYear();
  return year >= FIRST_YEAR && year <= LAST_YEAR;
}, `must lie in the years ${FIRST_YEAR} to ${LAST_YEAR}`);

export const Timestamp = z.string().describe("ISO 8601, UTC");
export const Name = z.string().trim().min(1).max(120);
/** The answer of a call that only does something. */
export const Done = z.object({ ok: z.literal(true) });
/** Any JSON value. It is only ever read from JSON, and a recursive shape such as Zod's own would be a burden for API tools. */
export const JsonValue = z.custom<z.core.util.JSONType>((value) => value !== undefined, "must be given");
