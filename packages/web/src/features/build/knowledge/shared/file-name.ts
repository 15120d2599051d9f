/** The last part of the name or address of a document, for a download. */
export function fileNameOf(uri: string): string {
  const name = uri.split(/[?#]/u)[0]?.split("/").filter(Boolean).at(-1);
  return name || "document";
}
