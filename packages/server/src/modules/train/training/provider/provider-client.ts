import { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import { type Outbound, OutboundError } from "../../../../platform/outbound/port.ts";
import { type ResolvedConnection, redact } from "../../../build/connections/index.ts";

const MAX_BYTES = 32 * 1024 * 1024;
const PAGE = 100;
/** The maximum per request. Further entries are read by the next poll. */
const MOST_PAGES = 50;
const MOST_WORDS = 1_000;

const text = z.string().nullish();
const Failure = z.looseObject({ code: text, message: text, param: text });
const ProviderFile = z.looseObject({ id: z.string(), status: text, status_details: text });
const ProviderJob = z.looseObject({
  id: z.string(),
  status: z.string(),
  fine_tuned_model: text,
  trained_tokens: z.number().nullish(),
  estimated_finish: z.number().nullish(),
  training_file: text,
  metadata: z.record(z.string(), z.unknown()).nullish(),
  error: Failure.nullish(),
});
const ProviderEvent = z.looseObject({
  id: z.string(),
  created_at: z.number(),
  level: text,
  message: text,
  data: z.unknown().optional(),
});
const ProviderCheckpoint = z.looseObject({
  id: z.string(),
  step_number: z.number(),
  fine_tuned_model_checkpoint: text,
  metrics: z.looseObject({ valid_loss: z.number().nullish(), full_valid_loss: z.number().nullish() }).nullish(),
});
export type ProviderJob = z.output<typeof ProviderJob>;
export type ProviderEvent = z.output<typeof ProviderEvent>;
export type ProviderCheckpoint = z.output<typeof ProviderCheckpoint>;

type Sending = {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: { readonly bytes: Uint8Array | string; readonly type: string };
};
type Deps = { readonly outbound: Pick<Outbound, "request">; readonly signal: AbortSignal };

/** Requests to a provider, with responses that are checked against the shape they should have. */
function createRequests({ outbound, signal }: Deps, connection: ResolvedConnection) {
  async function call(method: "GET" | "POST", path: string, { query = {}, body }: Sending = {}): Promise<unknown> {
    const headers = { ...headersOf(connection), ...(body && { "content-type": body.type }) };
    const url = addressOf(connection, path, query);
    const answer = await outbound
      .request({
        method,
        url,
        headers,
        signal,
        timeouts: connection.timeouts,
        maxBytes: MAX_BYTES,
        ...(body && { body: body.bytes }),
      })
      .catch((error: unknown) => {
        signal.throwIfAborted();
        throw unreachable(connection, error);
      });
    if (answer.status >= 200 && answer.status < 300) return parsed(connection, answer.body);
    throw refused(connection, answer);
  }
  const read = async <Value>(shape: z.ZodType<Value>, ...asking: Parameters<typeof call>): Promise<Value> => {
    const { success, data, error } = shape.safeParse(await call(...asking));
    if (success) return data;
    throw misshapen(connection, error);
  };

  /** Entries of a list, newest first, up to a known one. */
  async function list<Entry extends { readonly id: string }>(
    shape: z.ZodType<Entry>,
    path: string,
    { query = {}, isKnown = () => false }: { query?: Record<string, string>; isKnown?: (entry: Entry) => boolean } = {},
  ): Promise<Entry[]> {
    const page = z.looseObject({ data: z.array(shape), has_more: z.boolean().nullish() });
    const entries: Entry[] = [];
    let after: string | undefined;
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const asked = { ...query, limit: String(PAGE), ...(after !== undefined && { after }) };
      const { data, has_more } = await read(page, "GET", path, { query: asked });
      const known = data.findIndex(isKnown);
      entries.push(...(known < 0 ? data : data.slice(0, known)));
      const last = data.at(-1);
      if (known >= 0 || has_more !== true || !last || last.id === after) break;
      after = last.id;
    }
    return entries;
  }

  return { read, list };
}

/**
 * A provider's fine-tuning API. Each method asks once. Throws `rate_limited`, `provider_failed` or `provider_timeout` for what may go
 * well a little later, and `unprocessable` or `not_found` for what will not, with the provider's own words.
 */
export function createProviderClient(deps: Deps, connection: ResolvedConnection) {
  const { read, list } = createRequests(deps, connection);
  const jobPath = (id: string) => `/fine_tuning/jobs/${encodeURIComponent(id)}`;

  return {
    /** Gives the file as the provider knows it. `purpose` is always to fine-tune. */
    async upload(name: string, content: Buffer) {
      const form = new FormData();
      form.append("purpose", "fine-tune");
      form.append("file", new Blob([new Uint8Array(content)], { type: "application/jsonl" }), name);
      const multipart = new Response(form);
      const bytes = new Uint8Array(await multipart.arrayBuffer());
      const type = multipart.headers.get("content-type") ?? "multipart/form-data";
      return read(ProviderFile, "POST", "/files", { body: { bytes, type } });
    },
    file: (id: string) => read(ProviderFile, "GET", `/files/${encodeURIComponent(id)}`),

    create: (job: object) =>
      read(ProviderJob, "POST", "/fine_tuning/jobs", {
        body: { bytes: JSON.stringify(job), type: "application/json" },
      }),
    job: (id: string) => read(ProviderJob, "GET", jobPath(id)),
    /** A job by its metadata, or by its training file if the provider stores no metadata. */
    async find({ metadata, trainingFile }: { metadata: Readonly<Record<string, string>>; trainingFile: string }) {
      const query = Object.fromEntries(Object.entries(metadata).map(([key, value]) => [`metadata[${key}]`, value]));
      const isIt = (job: ProviderJob) =>
        job.training_file === trainingFile ||
        Object.entries(metadata).every(([key, value]) => job.metadata?.[key] === value);
      return (await list(ProviderJob, "/fine_tuning/jobs", { query })).find(isIt) ?? null;
    },
    tell: (id: string, what: "cancel" | "pause" | "resume") => read(ProviderJob, "POST", `${jobPath(id)}/${what}`),
    /** Events after a known one, oldest first. */
    async events(id: string, last: string | null): Promise<ProviderEvent[]> {
      const isKnown = (event: ProviderEvent) => event.id === last;
      return (await list(ProviderEvent, `${jobPath(id)}/events`, { isKnown })).toReversed();
    },
    /** Checkpoints, oldest first. */
    async checkpoints(id: string): Promise<ProviderCheckpoint[]> {
      const all = await list(ProviderCheckpoint, `${jobPath(id)}/checkpoints`);
      return all.toSorted((a, b) => a.step_number - b.step_number);
    },
  };
}
export type ProviderClient = ReturnType<typeof createProviderClient>;

/** Azure has OpenAI's paths behind `/openai`, with the version of its API where one is given. */
function addressOf({ preset, baseUrl, apiVersion }: ResolvedConnection, path: string, query: Record<string, string>) {
  const isAzure = preset === "azure";
  const root = isAzure ? `${baseUrl.replace(/\/openai(\/v1)?$/, "")}/openai${apiVersion ? "" : "/v1"}` : baseUrl;
  const words = new URLSearchParams({ ...query, ...(isAzure && apiVersion && { "api-version": apiVersion }) });
  return `${root}${path}${words.size > 0 ? `?${words}` : ""}`;
}

function headersOf({ preset, keys, headers }: ResolvedConnection): Record<string, string> {
  const key = keys[0]?.value ?? "";
  if (key === "") return { ...headers };
  return preset === "azure" ? { ...headers, "api-key": key } : { ...headers, authorization: `Bearer ${key}` };
}

type Answer = Awaited<ReturnType<Outbound["request"]>>;

function parsed({ slug }: ResolvedConnection, body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch (cause) {
    throw new AppError("provider_failed", {
      message: `The response from the provider of "${slug}" is not valid JSON.`,
      cause,
    });
  }
}

const misshapen = ({ slug }: ResolvedConnection, cause: unknown) =>
  new AppError("unprocessable", {
    message: `The response from the provider of "${slug}" does not match OpenAI's fine-tuning API.`,
    cause,
  });

function unreachable({ slug }: ResolvedConnection, error: unknown): Error {
  if (!(error instanceof OutboundError)) return error instanceof Error ? error : new Error(String(error));
  if (error.kind === "refused_address")
    return new AppError("unprocessable", { message: `The connection "${slug}" cannot be used: ${error.message}` });
  const isLate = error.kind.endsWith("timeout");
  const message = `The provider of "${slug}" cannot be reached: ${error.message}`;
  return new AppError(isLate ? "provider_timeout" : "provider_failed", { message, cause: error });
}

/** The meaning of a failed response: retry, fix the connection, or fix the run. */
function refused(connection: ResolvedConnection, { status, headers, body }: Answer): AppError {
  const { slug } = connection;
  const { message, code, param } = wordsOf(connection, body);
  const suffix = message === "" ? "" : `: ${message}`;
  const details = { status, code: code ?? null, param: param ?? null };
  if (status === 401 || status === 403)
    return new AppError("unprocessable", {
      message: `The provider of "${slug}" rejects the key of this connection (HTTP ${status})${suffix}. Set a key that may fine-tune.`,
      details,
    });
  if (status === 429 && code !== "insufficient_quota")
    return new AppError("rate_limited", {
      message: `The provider of "${slug}" has reached a rate limit (HTTP 429)${suffix}`,
      details,
      ...waitOf(headers["retry-after"]),
    });
  if (status >= 500 || status === 408 || status === 409)
    return new AppError("provider_failed", {
      message: `The provider of "${slug}" failed (HTTP ${status})${suffix}`,
      details,
      ...waitOf(headers["retry-after"]),
    });
  if (status === 404 || status === 405)
    return new AppError("not_found", {
      message: `The provider of "${slug}" does not have this job, file or model (HTTP ${status})${suffix}`,
      details,
    });
  return new AppError("unprocessable", {
    message: `The provider of "${slug}" rejects the request (HTTP ${status})${suffix}`,
    details,
  });
}

/** Seconds, or a date, as the header says it. */
function waitOf(header: string | string[] | undefined): { retryAfterSeconds?: number } {
  const value = Array.isArray(header) ? header[0] : header;
  if (value === undefined) return {};
  const seconds = Number(value);
  const wait = Number.isFinite(seconds) ? seconds : (Date.parse(value) - Date.now()) / 1_000;
  return Number.isFinite(wait) && wait > 0 ? { retryAfterSeconds: wait } : {};
}

/** The provider's words without our key, should it have repeated it. */
function wordsOf(connection: ResolvedConnection, body: Buffer): z.output<typeof Failure> & { message: string } {
  const raw = body.toString();
  const { data } = z.object({ error: z.union([Failure, z.string()]) }).safeParse(tryJson(raw));
  const error = typeof data?.error === "string" ? { message: data.error } : (data?.error ?? { message: raw });
  const message = redact(error.message ?? "", connection);
  return { ...error, message: message.trim().slice(0, MOST_WORDS) };
}

function tryJson(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}

/** Whether the same may go well a little later. */
export const isPassing = (error: unknown): boolean =>
  error instanceof AppError && ["rate_limited", "provider_failed", "provider_timeout"].includes(error.code);
