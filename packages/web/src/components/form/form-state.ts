import { useEffect, useState } from "react";
import type { ZodObject, ZodType, z } from "zod";
import { ApiError, explain } from "../../api.ts";

type Values<Schema extends ZodObject> = Partial<z.input<Schema>>;
type Options<Schema extends ZodObject> = {
  /** The body of the endpoint the form is sent to; it validates every field as the server does. */
  schema: Schema;
  initial: Values<Schema>;
  /** The storage key of an unfinished form in this tab, so that leaving the page loses nothing. Never for secrets. */
  draft?: string;
};

/** The state of a contract form: values, field errors and server errors. */
export function useFormState<Schema extends ZodObject>({ schema, initial, draft }: Options<Schema>) {
  const [values, setValues] = useState<Values<Schema>>(() => ({ ...initial, ...readDraft<Values<Schema>>(draft) }));
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [failure, setFailure] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  useEffect(() => writeDraft(draft, values), [draft, values]);

  const setError = (name: string, message: string | undefined) =>
    setErrors((old) => {
      const { [name]: _, ...rest } = old;
      return message ? { ...rest, [name]: message } : rest;
    });
  /** Validates one field on blur. */
  function check(name: keyof Values<Schema> & string) {
    const part: ZodType | undefined = schema.shape[name];
    const result = part?.safeParse(values[name]);
    setError(name, result?.success === false ? result.error.issues[0]?.message : undefined);
  }
  /** Validates the form and, if valid, sends it. Server errors are shown at their fields. */
  async function submit(send: (body: z.output<Schema>) => Promise<unknown>): Promise<boolean> {
    const result = schema.safeParse(values);
    if (!result.success) {
      setErrors(byField(result.error.issues.map(({ path, message }) => ({ path: path.join("."), message }))));
      return false;
    }
    setIsBusy(true);
    setFailure(undefined);
    try {
      await send(result.data);
      writeDraft(draft, undefined);
      return true;
    } catch (error) {
      const refused = error instanceof ApiError ? issuesIn(error.details) : [];
      setErrors(byField(refused));
      setFailure(explain(error));
      return false;
    } finally {
      setIsBusy(false);
    }
  }
  return {
    values,
    errors,
    failure,
    isBusy,
    check,
    submit,
    /** Deletes the stored draft of the form. */
    discard: () => writeDraft(draft, undefined),
    set(next: Values<Schema>) {
      setValues((old) => ({ ...old, ...next }));
      for (const name of Object.keys(next)) setError(name, undefined);
    },
    /** The props of a text control for one field. */
    text(name: keyof Values<Schema> & string) {
      const value: unknown = values[name];
      return {
        value: typeof value === "string" ? value : "",
        onChange: (event: { target: { value: string } }) => {
          setValues((old) => ({ ...old, [name]: event.target.value === "" ? undefined : event.target.value }));
          setError(name, undefined);
        },
        onBlur: () => check(name),
      };
    },
    /** The same for a number; an empty field is not sent. */
    number(name: keyof Values<Schema> & string) {
      const value: unknown = values[name];
      return {
        value: typeof value === "number" ? value : "",
        onChange: (event: { target: { valueAsNumber: number } }) => {
          const number = event.target.valueAsNumber;
          setValues((old) => ({ ...old, [name]: Number.isNaN(number) ? undefined : number }));
          setError(name, undefined);
        },
        onBlur: () => check(name),
      };
    },
  };
}

/** The contract's description of a field, for its help line, without code marks. */
export function helpOf(schema: ZodObject, name: string): string | undefined {
  let part: { description?: string | undefined; unwrap?: () => unknown } | undefined = schema.shape[name];
  while (part && !part.description && typeof part.unwrap === "function") part = part.unwrap() as typeof part;
  return part?.description?.replaceAll("`", "");
}

type Issue = { path: string; message: string };

/** The first error of each field; `body.keys.0.value` belongs to `keys`. */
function byField(issues: readonly Issue[]): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  for (const { path, message } of issues) {
    const name = path.replace(/^body\.?/, "").split(".")[0] ?? "";
    if (name) fields[name] ??= message;
  }
  return fields;
}

/** The invalid fields that an error of the API lists. */
export function issuesIn(details: unknown): readonly Issue[] {
  const issues = typeof details === "object" && details !== null && "issues" in details ? details.issues : [];
  return Array.isArray(issues)
    ? issues.filter((issue): issue is Issue => typeof issue?.path === "string" && typeof issue?.message === "string")
    : [];
}

/** The unfinished form that this tab has stored under a key. */
export function readDraft<Draft>(key: string | undefined): Draft | undefined {
  try {
    const text = key && sessionStorage.getItem(`treadle.draft.${key}`);
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** Stores an unfinished form in this tab, or deletes it. */
export function writeDraft(key: string | undefined, values: unknown): void {
  try {
    if (key && values === undefined) sessionStorage.removeItem(`treadle.draft.${key}`);
    else if (key) sessionStorage.setItem(`treadle.draft.${key}`, JSON.stringify(values));
  } catch {
    // If the storage is full or blocked, drafts are not stored, but the form still works.
  }
}
