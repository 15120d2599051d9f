import { Parser } from "htmlparser2";

export type S3Object = { readonly key: string; readonly etag: string; readonly size: number };
export type S3Page = { readonly objects: readonly S3Object[]; readonly next: string | null };

/** The response of ListObjectsV2 with `encoding-type=url`. Null for another response. */
export function readListing(xml: string): S3Page | null {
  const objects: S3Object[] = [];
  let object: Record<string, string> | null = null;
  const facts: Record<string, string> = {};
  let [isListing, text] = [false, ""];
  const parser = new Parser(
    {
      onopentag(name) {
        if (name === "ListBucketResult") isListing = true;
        if (name === "Contents") object = {};
        text = "";
      },
      ontext(part) {
        text += part;
      },
      onclosetag(name) {
        if (name === "Contents" && object) {
          objects.push({ key: decodeKey(object.Key ?? ""), etag: object.ETag ?? "", size: Number(object.Size ?? 0) });
          object = null;
        } else (object ?? facts)[name] = text;
        text = "";
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(xml);
  if (!isListing) return null;
  return { objects, next: facts.IsTruncated === "true" ? (facts.NextContinuationToken ?? "") : null };
}

/** Keys are encoded like the values of a form. */
function decodeKey(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", "%20"));
  } catch {
    return text;
  }
}

/** The code and the message of an error response of S3. */
export function readS3Error(xml: string): string {
  const part = (name: string) => new RegExp(`<${name}>([^<]{1,300})</${name}>`).exec(xml)?.[1];
  return [part("Code"), part("Message")].filter(Boolean).join(": ");
}
