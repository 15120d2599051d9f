import type { ZodObject } from "zod";

/** The first error of each field of a form with sections, by the name of the field. Empty if the values are valid. */
export function errorsIn(schema: ZodObject, values: unknown): Readonly<Record<string, string>> {
  const result = schema.safeParse(values);
  const errors: Record<string, string> = {};
  for (const { path, message } of result.error?.issues ?? []) errors[String(path[0])] ??= message;
  return errors;
}
