import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../../../../kernel/errors.ts";
import type { Outbound } from "../../../../platform/outbound/port.ts";
import type { HubFile } from "../catalogue/catalogue.ts";
import { type OpenedBody, openBody } from "./open-body.ts";
import { dropPart, notePart, readPart } from "./part-file.ts";
import type { ModelSource, PullTarget } from "./source.ts";

const MOST_HOPS = 5;
/** Tries in a row that brought no byte. */
const MOST_IDLE_TRIES = 3;

type HubDeps = {
  readonly outbound: Pick<Outbound, "dispatch">;
  readonly hubUrl: string;
  readonly hubToken: string | undefined;
  readonly retryDelayMs?: number;
};

/** A file of the hub. An interrupted download continues, also in a later pull. A changed file starts again. */
export function createHubSource(
  { outbound, hubUrl, hubToken, retryDelayMs = 1_000 }: HubDeps,
  file: HubFile,
): ModelSource {
  const base = hubUrl.replace(/\/+$/, "");
  const path = [...file.repo.split("/"), "resolve", file.revision, ...file.file.split("/")]
    .map(encodeURIComponent)
    .join("/");
  const hub: Hub = { outbound, url: `${base}/${path}`, token: hubToken, file, host: new URL(base).host };
  return {
    label: `the hub ${hub.host}`,
    async fetch(target) {
      let idleTries = 0;
      while (true) {
        const before = (await readPart(target.partPath)).bytes;
        const step = await downloadOnce(hub, target);
        if (step.isWhole) return { sha256: file.sha256 ?? step.sha256 };
        const after = (await readPart(target.partPath)).bytes;
        idleTries = after > before ? 0 : idleTries + 1;
        if (idleTries >= MOST_IDLE_TRIES) throw unfinished(hub, step.cause);
        target.onStep(`the connection to ${hub.host} was lost; continuing from ${Math.floor(after / 1e6)} MB`);
        await delay(retryDelayMs, undefined, { signal: target.signal });
      }
    },
  };
}

type Hub = {
  readonly outbound: Pick<Outbound, "dispatch">;
  readonly url: string;
  readonly token: string | undefined;
  readonly file: HubFile;
  readonly host: string;
};
type Step =
  | { readonly isWhole: true; readonly sha256: string | null }
  | { readonly isWhole: false; readonly cause: unknown };

/** Downloads the missing part and stores it. An interrupted connection can be retried; other errors are thrown. */
async function downloadOnce(hub: Hub, target: PullTarget): Promise<Step> {
  target.onStep(`downloading from ${hub.host}`);
  const part = await readPart(target.partPath);
  const opened = await openFile(hub, { part, signal: target.signal });
  const { answer, etag } = opened;
  if (answer.status === 416) {
    answer.body.destroy();
    await dropPart(target.partPath);
    return { isWhole: false, cause: new Error("the file on the hub is shorter than the part already downloaded") };
  }
  const isContinued = answer.status === 206;
  const start = isContinued ? part.bytes : 0;
  const total = totalOf(answer, isContinued);
  try {
    await target.checkSpace((total ?? 0) - start);
    if (!isContinued) await dropPart(target.partPath);
    await notePart(target.partPath, { etag, totalBytes: total });
  } catch (error) {
    answer.body.destroy();
    throw error;
  }
  let received = start;
  target.onProgress(received, total);
  // A stop ends the body, not the writing: what was counted as received is written down before this throws.
  await pipeline(
    answer.body,
    async function* count(chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        received += chunk.length;
        target.onProgress(received, total);
        yield chunk;
      }
    },
    createWriteStream(target.partPath, { flags: isContinued ? "a" : "w" }),
  );
  target.signal.throwIfAborted();
  const cause = answer.failure();
  if (cause) return { isWhole: false, cause };
  if (total !== null && received < total)
    return { isWhole: false, cause: new Error(`only ${received} of ${total} bytes arrived`) };
  return { isWhole: true, sha256: opened.sha256 };
}

type Start = { readonly part: Awaited<ReturnType<typeof readPart>>; readonly signal: AbortSignal };
type Opened = { readonly answer: OpenedBody; readonly etag: string; readonly sha256: string | null };

/**
 * Follows the hub's redirects itself: to https only if the first URL used https, and without the token on another host.
 * The first response describes the file. If it is another version than the partial file, the download does not
 * continue.
 */
async function openFile(hub: Hub, { part, signal }: Start): Promise<Opened> {
  const origin = new URL(hub.url);
  let at = origin;
  const range = part.bytes > 0 ? `bytes=${part.bytes}-` : null;
  let firstHeaders: Readonly<Record<string, string>> | null = null;
  for (let hop = 0; hop <= MOST_HOPS; hop++) {
    const answer = await openBody(hub.outbound, {
      url: at.href,
      signal,
      headers: {
        "user-agent": "treadle",
        "accept-encoding": "identity",
        ...(range === null ? {} : { range }),
        ...(hub.token !== undefined && at.host === origin.host ? { authorization: `Bearer ${hub.token}` } : {}),
      },
    });
    firstHeaders ??= answer.headers;
    const etag = firstHeaders["x-linked-etag"] ?? firstHeaders.etag ?? "";
    const isOther = range !== null && (etag === "" || etag !== part.version?.etag);
    if (isOther) {
      answer.body.destroy();
      return openFile(hub, { part: { bytes: 0, version: null }, signal });
    }
    if (answer.status === 200 || answer.status === 206 || answer.status === 416)
      return { answer, etag, sha256: sha256Of(firstHeaders) };
    answer.body.destroy();
    const { location } = answer.headers;
    if (answer.status < 300 || answer.status > 399 || location === undefined)
      throw refusal(hub, { status: answer.status, host: at.host });
    at = nextHop(at, location, origin);
  }
  throw new AppError("provider_failed", { message: `${hub.host} redirected more than ${MOST_HOPS} times.` });
}

function nextHop(at: URL, location: string, origin: URL): URL {
  const next = URL.parse(location, at.href);
  const isAllowed = next && (next.protocol === "https:" || (next.protocol === "http:" && origin.protocol === "http:"));
  if (!isAllowed)
    throw new AppError("provider_failed", {
      message: `${at.host} redirected to an address without https. Such redirects are not followed.`,
    });
  return next;
}

/** The hub names large files by their SHA-256; of small ones it says another hash. */
function sha256Of(headers: Readonly<Record<string, string>>): string | null {
  const linked = headers["x-linked-etag"]?.replaceAll('"', "").toLowerCase() ?? "";
  return /^[0-9a-f]{64}$/.test(linked) ? linked : null;
}

function totalOf({ headers }: OpenedBody, isContinued: boolean): number | null {
  const text = isContinued ? headers["content-range"]?.split("/")[1] : headers["content-length"];
  const total = Number(text);
  return text !== undefined && text !== "*" && Number.isSafeInteger(total) ? total : null;
}

function refusal({ file, token }: Hub, { status, host }: { status: number; host: string }) {
  const name = `${file.repo}/${file.file}`;
  if (status === 401 || status === 403) {
    const advice =
      token === undefined
        ? "Set TREADLE_HUB_TOKEN to a token that has access."
        : "The token in TREADLE_HUB_TOKEN has no access. Accept the model's terms on the hub or use another token.";
    return new AppError("unprocessable", {
      message: `${host} restricts access to ${name} (HTTP ${status}). ${advice}`,
    });
  }
  if (status === 404) {
    return new AppError("unprocessable", {
      message: `${host} has no ${name} at revision ${file.revision}. Check the exact names there. Private models need TREADLE_HUB_TOKEN.`,
    });
  }
  return new AppError("provider_failed", {
    details: { status },
    message: `${host} responded with HTTP ${status} to the request for ${name}. Try again later.`,
  });
}

const unfinished = ({ host }: Hub, cause: unknown) =>
  new AppError("provider_failed", {
    message: `The download from ${host} broke off ${MOST_IDLE_TRIES} times in a row without progress. Pull the model again to continue with the rest.`,
    cause,
  });
