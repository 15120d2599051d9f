import { hash } from "node:crypto";

/** Bytes that are to be kept as an object of their own. */
export type SetAside = { readonly sha256: string; readonly bytes: Uint8Array<ArrayBuffer> };

const LONGEST_TEXT = 256 * 1024;
/** As the gateway keeps it: shorter media stays where it is. */
const LONGEST_MEDIA = 32 * 1024;
const PREVIEW_CHARACTERS = 2_000;
const MAX_DEPTH = 50;
const TOO_DEEP = "[nested too deeply to be kept]";
const DATA_URI = /^data:([\w.+-]+\/[\w.+-]+)?(?:;[\w.+-]+=[\w.+-]+)*;base64,/i;

type Json = Readonly<Record<string, unknown>>;

/** Takes what is too large for a row out of payloads, and leaves a reference and a preview in its place. */
export function createSetAside() {
  const objects = new Map<string, SetAside>();

  function keep(bytes: Uint8Array<ArrayBuffer>): { sha256: string; size: number } {
    const sha256 = hash("sha256", bytes, "hex");
    objects.set(sha256, { sha256, bytes });
    return { sha256, size: bytes.byteLength };
  }

  function boundText(text: string): string {
    if (text.length <= LONGEST_MEDIA) return text;
    const type = mediaTypeOf(text);
    if (type !== null) return referenceTo(keep(fromBase64(text.slice(text.indexOf(",") + 1))), type);
    if (text.length <= LONGEST_TEXT) return text;
    return `${text.slice(0, PREVIEW_CHARACTERS).toWellFormed()}… [${referenceTo(keep(toBytes(text)), "text/plain")}]`;
  }

  /** A part of a message that is media; null for anything else, and for media that is short. */
  function boundPart(part: Json): Json | null {
    const { type, content, uri } = part;
    if (type === "blob" && typeof content === "string" && content.length > LONGEST_MEDIA) {
      const { sha256, size } = keep(fromBase64(content));
      return { ...part, content: "", size_bytes: size, sha256 };
    }
    if (type !== "uri" || typeof uri !== "string" || uri.length <= LONGEST_MEDIA) return null;
    const mediaType = mediaTypeOf(uri);
    if (mediaType === null) return null;
    const { uri: _, ...rest } = part;
    const { sha256, size } = keep(fromBase64(uri.slice(uri.indexOf(",") + 1)));
    return { mime_type: mediaType, ...rest, type: "blob", content: "", size_bytes: size, sha256 };
  }

  function bound(value: unknown, depth: number): unknown {
    if (typeof value === "string") return boundText(value);
    if (typeof value !== "object" || value === null) return value;
    if (depth > MAX_DEPTH) return TOO_DEEP;
    return Array.isArray(value) ? boundList(value, depth) : (boundPart(value as Json) ?? boundObject(value, depth));
  }

  function boundList(list: readonly unknown[], depth: number): readonly unknown[] {
    let copy: unknown[] | null = null;
    for (const [index, item] of list.entries()) {
      const bounded = bound(item, depth + 1);
      if (bounded === item) continue;
      copy ??= [...list];
      copy[index] = bounded;
    }
    return copy ?? list;
  }

  function boundObject(object: object, depth: number): object {
    const changed: [string, unknown][] = [];
    for (const [key, item] of Object.entries(object)) {
      const bounded = bound(item, depth + 1);
      if (bounded !== item) changed.push([key, bounded]);
    }
    // Made of entries: no key of a sender's, `__proto__` included, is ever assigned.
    return changed.length === 0 ? object : Object.fromEntries([...Object.entries(object), ...changed]);
  }

  return {
    /** The value as it fits a row. What is not changed is the same object. */
    bound: (value: unknown): unknown => bound(value, 0),
    text: boundText,
    objects: (): readonly SetAside[] => [...objects.values()],
  };
}
export type SetAsides = ReturnType<typeof createSetAside>;

const referenceTo = ({ sha256, size }: { sha256: string; size: number }, type: string) =>
  `treadle-object:${sha256}?type=${type}&bytes=${size}`;

/** The media type of a data URI in base64, or null. */
function mediaTypeOf(text: string): string | null {
  if (!text.startsWith("data:")) return null;
  const found = DATA_URI.exec(text.slice(0, 200));
  return found ? (found[1] ?? "application/octet-stream") : null;
}

/** With a buffer of their own, which can be handed to another thread. */
function toBytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, "base64"));
}
