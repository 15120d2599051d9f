/** A request as the part of an address after `#`, which stays in the browser and is never sent to a server. */
export function playgroundHash(request: Readonly<Record<string, unknown>>): string {
  const bytes = new TextEncoder().encode(JSON.stringify(request));
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return `request=${btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

/** The request in such an address, or undefined when there is none or it was cut. */
export function requestIn(hash: string): Readonly<Record<string, unknown>> | undefined {
  const coded = /(?:^#?|&)request=([\w-]+)/.exec(hash)?.[1];
  if (!coded) return undefined;
  try {
    const text = atob(coded.replaceAll("-", "+").replaceAll("_", "/"));
    const value: unknown = JSON.parse(
      new TextDecoder().decode(Uint8Array.from(text, (character) => character.charCodeAt(0))),
    );
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
