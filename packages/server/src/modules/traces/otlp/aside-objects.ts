import { hash } from "node:crypto";

/** Bytes that are to be kept as an object of their own. */
export type SetAside = { readonly sha256: string; readonly bytes: Uint8Array<ArrayBuffer> };
type Json = Readonly<Record<string, unknown>>;

const LONGEST_TEXT = 256 * 1024;
/** As the gateway keeps it: shorter media stays where it is. */
const LONGEST_MEDIA = 32 * 1024;
const PREVIEW_CHARACTERS = 2_000;
const DATA_URI = /^data:([\w.+-]+\/[\w.+-]+)?(?:;[\w.+-]+=[\w.+-]+)*;base64,/i;

/** What the spans of one request have set aside, each thing once. */
export function createAsideObjects() {
  const objects = new Map<string, SetAside>();

  function keep(bytes: Uint8Array<ArrayBuffer>): { sha256: string; size: number } {
    const sha256 = hash("sha256", bytes, "hex");
    objects.set(sha256, { sha256, bytes });
    return { sha256, size: bytes.byteLength };
  }

  /** Keeps a text; gives its beginning with a reference to all of it, and the reference. */
  function whole(text: string, type: string) {
    const reference = referenceTo(keep(new TextEncoder().encode(text)), type);
    return { preview: `${text.slice(0, PREVIEW_CHARACTERS).toWellFormed()}… [${reference}]`, reference };
  }

  return {
    whole,
    /** The text as it fits a row; as it fits one that holds much already when that is scarce. */
    text(text: string, isScarce: boolean): string {
      if (text.length <= (isScarce ? PREVIEW_CHARACTERS : LONGEST_MEDIA)) return text;
      const type = mediaTypeOf(text);
      if (type !== null) return referenceTo(keep(fromBase64(text.slice(text.indexOf(",") + 1))), type);
      return text.length <= LONGEST_TEXT && !isScarce ? text : whole(text, "text/plain").preview;
    },
    /** A part of a message that is media; null for anything else, and for media that is short. */
    part(part: Json): Json | null {
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
    },
    all: (): readonly SetAside[] => [...objects.values()],
  };
}

const referenceTo = ({ sha256, size }: { sha256: string; size: number }, type: string) =>
  `treadle-object:${sha256}?type=${type}&bytes=${size}`;

/** The media type of a data URI in base64, or null. */
function mediaTypeOf(text: string): string | null {
  if (!text.startsWith("data:")) return null;
  const found = DATA_URI.exec(text.slice(0, 200));
  return found ? (found[1] ?? "application/octet-stream") : null;
}

/** With a buffer of its own, which can be handed to another thread. */
const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, "base64"));
