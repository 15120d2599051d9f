import { z } from "zod";
import { describeIssue } from "./describe-issue.ts";

export { describeIssue } from "./describe-issue.ts";

/**
 * Reads what others sent with a shape: gives the value, or what is wrong with it in the words of {@link describeIssue}. A parse of Zod's throws
 * over a `length` that cannot be compared, such as `{ "length": { "toString": 0 } }` where a text should be; here that is wrong as well. What
 * a shape's own rule throws is thrown on.
 */
export function readShape<Shape extends z.ZodType>(
  shape: Shape,
  value: unknown,
): z.ZodSafeParseResult<z.output<Shape>> {
  try {
    return shape.safeParse(value, { error: describeIssue });
  } catch (thrown) {
    if (!hasOddLength(value)) throw thrown;
    const read = shape.safeParse(withoutOddLengths(value), { error: describeIssue });
    if (!read.success) return read;
    const error = new z.ZodError([{ code: "custom", path: [], message: "cannot be read", input: value }]);
    return { success: false, error: error as z.ZodError<z.output<Shape>> };
  }
}

const isOddLength = (name: string, held: unknown) => name === "length" && typeof held === "object" && held !== null;

function hasOddLength(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, held]) => isOddLength(name, held) || hasOddLength(held));
}

const withoutOddLengths = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (name, held: unknown) => (isOddLength(name, held) ? undefined : held)));
