import { hash } from "node:crypto";

/** Bytes to store as a separate object. */
export type SetAside = { readonly sha256: string; readonly bytes: Uint8Array<ArrayBuffer> };
type Json = Readonly<Record<string, unknown>>;

const LONGEST_TEXT = 256 * 1024;
/** As in the gateway: shorter media is not moved. */
const LONGEST_MEDIA = 32 * 1024;
const PREVIEW_CHARACTERS = 2_000;
const DATA_URI = /^data:([\w.+-]+\/[\w.+-]+)?(?:;[\w.+-]+=[\w.+-]+)*;base64,/i;

/** The separately stored objects of one request, each once. */
export function createAsideObjects() {
  const objects = new Map<string, SetAside>();

  function keep(bytes: Uint8Array<ArrayBuffer>): { sha256: string; size: number } {
    const sha256 = hash("sha256", bytes, "hex");
    objects.set(sha256, { sha256, bytes });
    return { sha256, size: bytes.byteLength };
  }

  /** Stores a text, and returns its beginning with a reference to the whole text, and the reference. */
  function whole(text: string, type: string) {
    const reference = referenceTo(keep(new TextEncoder().encode(text)), type);
    return { preview: `${text.slice(0, PREVIEW_CHARACTERS).toWellFormed()}… [${reference}]`, reference };
  }

  return {
    whole,
    /** The text as it fits a row, shorter if the row contains much already. */
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
  const dataUri = DATA_URI.exec(text.slice(0, 200));
  return dataUri ? (dataUri[1] ?? "application/octet-stream") : null;
}

/** In a separate buffer that can be transferred to another thread. */
const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, "base64"));
