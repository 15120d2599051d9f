const DATA_URI = /^data:([\w.+-]+\/[\w.+-]+)?[^,]{0,200},/i;
/** Fields of a message part that hold media, by the part's type. */
const MEDIA_FIELDS: Readonly<Record<string, string>> = { blob: "content", base64: "data", input_audio: "data" };

/** The media type of a data URI, or null for any other text. */
export function mediaTypeOf(text: string): string | null {
  if (!text.startsWith("data:") && !text.startsWith("DATA:")) return null;
  const match = DATA_URI.exec(text.slice(0, 300));
  return match ? (match[1] ?? "application/octet-stream") : null;
}

/** The field of an object that holds the bytes of media, such as those of an image; undefined if none does. */
export function mediaFieldOf(object: Readonly<Record<string, unknown>>): string | undefined {
  const field = typeof object.type === "string" ? MEDIA_FIELDS[object.type] : undefined;
  if (field !== undefined) return typeof object[field] === "string" ? field : undefined;
  return typeof object.data === "string" && typeof object.format === "string" ? "data" : undefined;
}
