/** A value with the name and options that made it; `value` is null, with the reason, where the definition leaves it open. */
export type Measured = {
  readonly value: number | null;
  readonly signature: string;
  readonly reason: string | null;
};

/** The version that every signature names; it goes up when a value changes. */
const DEFINITIONS = "1";

/** `name|option:value|…|version:1`, so that two values can be seen to mean the same. */
export function signatureOf(name: string, options: Readonly<Record<string, string | number | boolean>> = {}): string {
  const parts = Object.entries(options).map(([key, value]) => `${key}:${value}`);
  return [name, ...parts, `version:${DEFINITIONS}`].join("|");
}

export const defined = (value: number, signature: string): Measured => ({ value, signature, reason: null });

export const undefinedBecause = (reason: string, signature: string): Measured => ({ value: null, signature, reason });
