import { z } from "zod";
import { AppError } from "../../../kernel/errors.ts";
import { type Outbound, OutboundError } from "../../outbound/port.ts";
import type { Cluster } from "../port.ts";
import type { KubernetesSettings } from "./settings.ts";

const TIMEOUTS = { connectMs: 5_000, firstByteMs: 30_000, idleMs: 15_000, totalMs: 60_000 };
const MOST_BYTES = 16 * 1024 * 1024;
const MOST_SAID = 800;

/** An error object of Kubernetes. */
const Status = z.looseObject({
  kind: z.literal("Status"),
  message: z.string().nullish(),
  reason: z.string().nullish(),
});

export type Question = {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
};
export type KubernetesCluster = Pick<Cluster<KubernetesSettings>, "url" | "token" | "settings">;
/** The response, for callers that distinguish the cases themselves. */
type Reply = { readonly status: number; readonly text: string };
export type KubernetesAsker = (cluster: KubernetesCluster, question: Question) => Promise<Reply>;

/**
 * Asks the API of a Kubernetes cluster, through the one door to other machines. 404 and 409 come back as they are. Throws
 * `unprocessable` for what the cluster refuses, with what the account lacks, and `unavailable` while it does not answer.
 */
export const createKubernetesAsker =
  (outbound: Pick<Outbound, "request">): KubernetesAsker =>
  async ({ url, token, settings: { caCertificate: ca } }, { method = "GET", path, body, signal }) => {
    const answer = await outbound
      .request({
        method,
        url: `${url}${path}`,
        timeouts: TIMEOUTS,
        maxBytes: MOST_BYTES,
        headers: {
          accept: "application/json",
          ...(token !== null && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(ca !== null && { ca }),
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(signal && { signal }),
      })
      .catch((error: unknown) => {
        if (!(error instanceof OutboundError)) throw error;
        signal?.throwIfAborted();
        const code = error.kind === "refused_address" ? "unprocessable" : "unavailable";
        throw new AppError(code, { message: `The cluster cannot be reached: ${error.message}`, cause: error });
      });
    const reply = { status: answer.status, text: answer.body.toString("utf8") };
    if (answer.status < 400 || answer.status === 404 || answer.status === 409) return reply;
    throw refusal(new URL(url).host, reply, token !== null);
  };

function refusal(host: string, { status, text }: Reply, hasToken: boolean): AppError {
  const { data } = Status.safeParse(parse(text));
  const said = (data?.message ?? text).trim().slice(0, MOST_SAID);
  if (status === 401) {
    const what = hasToken ? "rejects the token" : "requires a token";
    return new AppError("unprocessable", {
      message: `${host} ${what} (HTTP 401). Set the token of a service account in the compute target.`,
    });
  }
  if (status === 403) return forbidden(host, said);
  const message = `${host} responded with ${status}${said === "" ? "" : `: ${said}`}`;
  return new AppError(status >= 500 || status === 429 ? "unavailable" : "unprocessable", { message });
}

/** For example `cannot create resource "jobs" in API group "batch" in the namespace "ml"`, as Kubernetes writes it. */
const LACKS = /cannot (\w+) resource "([^"]+)"(?: in API group "([^"]*)")?(?:.* in the namespace "([^"]+)")?/;

function forbidden(host: string, said: string): AppError {
  const [, verb, resource, group = "", namespace] = LACKS.exec(said) ?? [];
  if (verb === undefined || resource === undefined)
    return new AppError("unprocessable", { message: `${host} forbids it (HTTP 403): ${said}` });
  return new AppError("unprocessable", {
    message: `The account of the compute target may not ${lackOf({ verb, resource, group, namespace })}. Give its role the verb \`${verb}\` on \`${resource}\`.`,
    details: { verb, resource, group, namespace: namespace ?? null },
  });
}

type Lack = {
  readonly verb: string;
  readonly resource: string;
  readonly group: string;
  readonly namespace: string | undefined;
};

const lackOf = ({ verb, resource, group, namespace }: Lack): string =>
  `${verb} ${resource}${group === "" ? "" : ` of ${group}`}${namespace === undefined ? "" : ` in the namespace ${namespace}`}`;

/** The value of a JSON text. Undefined for invalid JSON. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An answer in the shape that is expected. Throws `unavailable` for any other. */
export function readReply<Shape extends z.ZodType>(shape: Shape, { text }: Reply): z.output<Shape> {
  const { success, data, error } = shape.safeParse(parse(text));
  if (success) return data;
  throw new AppError("unavailable", { message: "The response is not a Kubernetes API response.", cause: error });
}
