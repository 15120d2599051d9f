import { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import type { Outbound } from "../../../../platform/outbound/port.ts";

const TIMEOUTS = { connectMs: 4_000, firstByteMs: 20_000, idleMs: 20_000, totalMs: 60_000 };
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_PAGES = 50;

const Entry = z.looseObject({
  type: z.string(),
  path: z.string(),
  size: z.number().default(0),
  lfs: z.looseObject({ oid: z.string() }).optional(),
});
/** `sha256` as the hub says it of large files; null of small ones. */
export type HubEntry = { readonly path: string; readonly sizeBytes: number; readonly sha256: string | null };
type Hub = {
  readonly outbound: Pick<Outbound, "request">;
  readonly hubUrl: string;
  readonly hubToken: string | undefined;
};
type Repo = { readonly repo: string; readonly revision: string };

/** The files of a repository of the hub, over as many pages as it has. */
export async function listHub(
  { outbound, hubUrl, hubToken }: Hub,
  { repo, revision }: Repo,
  signal: AbortSignal,
): Promise<HubEntry[]> {
  const origin = new URL(hubUrl);
  const path = ["api", "models", ...repo.split("/"), "tree", revision].map(encodeURIComponent).join("/");
  const entries: HubEntry[] = [];
  let next: URL | null = new URL(`${hubUrl.replace(/\/+$/, "")}/${path}?recursive=true`);
  for (let page = 0; next !== null; page++) {
    if (page === MAX_PAGES) throw failed(`${origin.host} lists more files of ${repo} than the limit for a model.`);
    const headers = {
      "user-agent": "treadle",
      ...(hubToken === undefined ? {} : { authorization: `Bearer ${hubToken}` }),
    };
    const answer = await outbound.request({
      method: "GET",
      url: next.href,
      headers,
      signal,
      timeouts: TIMEOUTS,
      maxBytes: MAX_BYTES,
    });
    if (answer.status !== 200)
      throw refusal({ status: answer.status, host: origin.host, repo, revision, hasToken: hubToken !== undefined });
    entries.push(...read(answer.body.toString(), origin.host));
    next = nextPage(String(answer.headers.link ?? ""), next, origin);
  }
  return entries;
}

function read(body: string, host: string): HubEntry[] {
  const parsed = z.array(Entry).safeParse(parse(body));
  if (!parsed.success) throw failed(`The response of ${host} is not a list of files. Try again later.`);
  return parsed.data
    .filter(({ type }) => type === "file")
    .map(({ path, size, lfs }) => ({
      path,
      sizeBytes: size,
      sha256: lfs && /^[0-9a-f]{64}$/.test(lfs.oid) ? lfs.oid : null,
    }));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The token is sent only to the hub, so a next page on another host is not followed. */
function nextPage(link: string, at: URL, origin: URL): URL | null {
  const address = /<([^>]+)>\s*;\s*rel="?next"?/.exec(link)?.[1];
  if (address === undefined) return null;
  const next = URL.parse(address, at.href);
  if (next?.host !== origin.host || next.protocol !== origin.protocol)
    throw failed(`${origin.host} refers to another host for the rest of its list. Such links are not followed.`);
  return next;
}

const failed = (message: string, details?: { readonly status: number }) =>
  new AppError("provider_failed", { message, details });

type Refused = Repo & { readonly status: number; readonly host: string; readonly hasToken: boolean };

function refusal({ status, host, repo, revision, hasToken }: Refused) {
  if (status === 401 || status === 403 || status === 404) {
    const advice = hasToken
      ? "the token in TREADLE_HUB_TOKEN has no access to it"
      : "a private repository needs TREADLE_HUB_TOKEN";
    return new AppError("unprocessable", {
      message: `${host} shows no repository ${repo} at revision ${revision} (HTTP ${status}). Check its exact name; ${advice}.`,
    });
  }
  return failed(`${host} responded with HTTP ${status} to the request for the files of ${repo}. Try again later.`, {
    status,
  });
}
