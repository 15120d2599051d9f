import { MAX_DOCUMENT_BYTES } from "@treadle/contract";
import { AppError } from "../../../../../kernel/errors.ts";
import type { SourceSettings } from "../../stores/source-settings.ts";
import type { Connector, ConnectorDeps, Entry, Listing, SourceConfig } from "../shared/port.ts";
import { fetchGuarded, requireSetting } from "../shared/settings.ts";
import { readListing, readS3Error, type S3Page } from "./read-listing.ts";
import { type S3Access, signS3Get } from "./sign-request.ts";

const MOST_OBJECTS = 200_000;
const DEFAULT_REGION = "us-east-1";

/** Objects of a bucket of S3, or of a store with the same API. */
export const s3Connector: Connector = {
  async check({ outbound }, { endpoint, bucket }) {
    requireSetting("bucket", bucket);
    await outbound.checkUrl(requireSetting("endpoint", endpoint));
  },
  placeOf: ({ endpoint = "" }) => (URL.canParse(endpoint) ? new URL(endpoint).origin : endpoint),
  open(deps, config) {
    const bucket = openBucket(deps, config);
    return {
      list: (listing) => listObjects(bucket, config.settings, listing),
      read: ({ path }, signal) => bucket.get(pathOfKey(path), {}, signal),
      close: async () => {},
    };
  },
};

/** Each part of a key as S3 signs it. */
const encode = (text: string) =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
const pathOfKey = (key: string) => `/${key.split("/").map(encode).join("/")}`;

type Bucket = ReturnType<typeof openBucket>;

function openBucket({ outbound, now }: ConnectorDeps, { settings, secret }: SourceConfig) {
  const { accessKeyId, region = DEFAULT_REGION } = settings;
  const endpoint = requireSetting("endpoint", settings.endpoint).replace(/\/+$/, "");
  const bucket = requireSetting("bucket", settings.bucket);
  if ((accessKeyId === undefined) !== (secret === null))
    throw new AppError("unprocessable", {
      message: "An access key has two parts: set both `accessKeyId` and `secretAccessKey`, or neither.",
    });
  const credentials = accessKeyId !== undefined && secret !== null ? { accessKeyId, secretAccessKey: secret } : null;
  const access: S3Access = { credentials, region, now };
  return {
    /** `path` is relative to the bucket and encoded. */
    async get(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Uint8Array> {
      const text = Object.entries(query).map(([name, value]) => `${name}=${encode(value)}`);
      const url = `${endpoint}/${encode(bucket)}${path}${text.length > 0 ? `?${text.join("&")}` : ""}`;
      const address = new URL(url);
      const headers = await signS3Get(address, access);
      const { status, body } = await fetchGuarded(outbound, { url: address.href, headers, signal });
      if (status === 200) return body;
      const reason = readS3Error(body.subarray(0, 10_000).toString("utf8"));
      throw new AppError(status >= 500 ? "unavailable" : "unprocessable", {
        message: `The store answers with status ${status}${reason && ` (${reason})`}. ${adviceFor(status)}`,
      });
    },
  };
}

function adviceFor(status: number): string {
  if (status === 403) return "Check the access key, and that it may list and read the bucket.";
  if (status === 404) return "Check the endpoint, the bucket and the object.";
  if (status >= 300 && status < 400) return "Check the region: the endpoint redirects to another one.";
  return "Check the endpoint and the region, or try again later.";
}

async function* listObjects(bucket: Bucket, { prefix = "" }: SourceSettings, listing: Listing): AsyncIterable<Entry> {
  const { signal, selects } = listing;
  let count = 0;
  let token: string | null = null;
  do {
    signal.throwIfAborted();
    const page = await readPage(bucket, { prefix, token }, signal);
    if (page.next === "" || (page.next !== null && page.next === token)) throw noListing();
    for (const { key, etag, size } of page.objects) {
      if (++count > MOST_OBJECTS)
        throw new AppError("unprocessable", {
          message: `The bucket has more than ${MOST_OBJECTS} objects there. Set a longer \`prefix\`.`,
        });
      // Consoles represent folders by empty objects.
      if (key.endsWith("/") || !selects(key)) continue;
      const failure = size > MAX_DOCUMENT_BYTES ? { failure: `It has ${size} bytes, which is too large.` } : {};
      yield { path: key, mark: `${etag}-${size}`, ...failure };
    }
    token = page.next;
  } while (token !== null);
}

type PageQuery = { readonly prefix: string; readonly token: string | null };

async function readPage(bucket: Bucket, { prefix, token }: PageQuery, signal: AbortSignal): Promise<S3Page> {
  // In the order that the signature sorts them.
  const query = {
    ...(token !== null && { "continuation-token": token }),
    "encoding-type": "url",
    "list-type": "2",
    "max-keys": "1000",
    ...(prefix !== "" && { prefix }),
  };
  const page = readListing(Buffer.from(await bucket.get("", query, signal)).toString("utf8"));
  if (!page) throw noListing();
  return page;
}

const noListing = () =>
  new AppError("unprocessable", {
    message: "The endpoint does not answer with a listing of S3. Check the endpoint and the bucket.",
  });
