import type { Scope } from "./use-guards.ts";

export type Names = ReadonlyMap<string, string>;

/** The calls that a policy applies to, such as `support, variant candidate, with key CI`. */
export function scopeWords({ endpointId, variant, keyId }: Scope, names: Names): string {
  const place = endpointId === null ? "" : (names.get(endpointId) ?? `endpoint ${endpointId}`);
  const parts = [
    place,
    variant !== null && `variant ${variant}`,
    keyId !== null && `${place === "" ? "calls with" : "with"} key ${names.get(keyId) ?? keyId}`,
  ].filter(Boolean);
  return parts.length === 0 ? "Whole project" : capitalFirst(parts.join(", "), place === "");
}

const capitalFirst = (text: string, isSentence: boolean) =>
  isSentence ? text.slice(0, 1).toUpperCase() + text.slice(1) : text;
