import { createHash } from "node:crypto";
import { headerOf } from "../shared/settings.ts";

type Headers = Readonly<Record<string, string | string[]>>;

const ETAG = "etag:";
const MODIFIED = "modified:";

/** What distinguishes these bytes: the ETag, else the time of the last change, else a hash. */
export function markOf(headers: Headers, bytes: Uint8Array): string {
  const [etag, modified] = [headerOf(headers, "etag"), headerOf(headers, "last-modified")];
  if (etag) return `${ETAG}${etag.slice(0, 500)}`;
  if (modified) return `${MODIFIED}${modified.slice(0, 100)}`;
  return `hash:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** The headers that request a page only if it differs from the one with this mark. */
export function conditionsOf(mark: string | undefined): Record<string, string> {
  if (mark?.startsWith(ETAG)) return { "if-none-match": mark.slice(ETAG.length) };
  if (mark?.startsWith(MODIFIED)) return { "if-modified-since": mark.slice(MODIFIED.length) };
  return {};
}

const DOCUMENT_TYPES =
  /^(?:text\/(?:html|plain|markdown|csv|tab-separated-values)|application\/(?:pdf|xhtml\+xml|json|x-ndjson|jsonl|msword|epub\+zip|vnd\.openxmlformats-officedocument\.\S+|vnd\.oasis\.opendocument\.text))(?:;|\s|$)/i;

/** Whether a page of this type can be a document. */
export const isDocumentType = (type: string) => DOCUMENT_TYPES.test(type);
export const isHtmlType = (type: string) => /^(?:text\/html|application\/xhtml\+xml)(?:;|\s|$)/i.test(type);
export const isXmlType = (type: string) => /^(?:text|application)\/xml(?:;|\s|$)|gzip/i.test(type);
