import { z } from "zod";
import { describeIssue } from "./describe-issue.ts";

export { describeIssue } from "./describe-issue.ts";

/**
 * Reads what others sent with a shape: gives the value, or what is wrong with it in the words of {@link describeIssue}. It never throws, as a
 * parse of Zod's does over a `length` that cannot be compared, such as `{ "length": { "toString": 0 } }` where a text should be.
 */
export function readShape<Shape extends z.ZodType>(
  shape: Shape,
  value: unknown,
): z.ZodSafeParseResult<z.output<Shape>> {
  try {
    return shape.safeParse(value, { error: describeIssue });
  } catch {
    const read = readWithoutLengths(shape, value);
    if (read && !read.success) return read;
    const error = new z.ZodError([{ code: "custom", path: [], message: "cannot be read", input: value }]);
    return { success: false, error: error as z.ZodError<z.output<Shape>> };
  }
}

/** What is wrong beside those lengths, and that what has them is no text and no list; null where even that cannot be told. */
function readWithoutLengths<Shape extends z.ZodType>(shape: Shape, value: unknown) {
  try {
    const plain: unknown = JSON.parse(
      JSON.stringify(value, (key, held: unknown) =>
        key === "length" && typeof held === "object" && held !== null ? undefined : held,
      ),
    );
    return shape.safeParse(plain, { error: describeIssue });
  } catch {
    return null;
  }
}
