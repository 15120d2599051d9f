import { AppError } from "../../../../kernel/errors.ts";

/** `name`, `name@3`, `name@v3` or `name@alias`, also behind `registry://`. */
export type ModelRef = { readonly name: string; readonly which: string | null };

/** A name without `@` leaves it to the alias `production`, or else the newest version. */
export function parseRef(text: string): ModelRef {
  const [, name = "", which] = /^(?:registry:\/\/)?([^@/]{1,100})(?:@(.{1,80}))?$/.exec(text) ?? [];
  return { name, which: which ?? null };
}

/** A version's number in `3` or `v3`; null for an alias. */
export function numberIn(which: string): number | null {
  const digits = /^v?(\d{1,9})$/.exec(which)?.[1];
  return digits === undefined ? null : Number(digits);
}

export const unknownVersion = (name: string, which: string) =>
  new AppError("not_found", {
    message: `The model "${name}" has no version or alias "${which}". Its version list shows the available versions.`,
    details: { kind: "model version", id: which },
  });
