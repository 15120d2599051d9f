import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

type Asked = { readonly method: string; readonly path: string; readonly body: Record<string, unknown> };
type Answer = { readonly status: number; readonly body: unknown };
type Named = Record<string, unknown> & { readonly metadata: { readonly name: string } };

const TOKEN = "sa-token";

/** An error object of Kubernetes. */
const status = (code: number, reason: string, message: string): Answer => ({
  status: code,
  body: { kind: "Status", apiVersion: "v1", status: "Failure", reason, message, code },
});

/** The status of a job's pod. */
export const podOf = (job: string, more: object, madeAt = new Date()) => ({
  metadata: { name: `${job}-x7k2p`, creationTimestamp: madeAt.toISOString() },
  status: more,
});
export const container = (name: string, state: object) => ({
  phase: "Pending",
  containerStatuses: [{ name, image: "registry/trainer:1", state }],
});

/** The API server of a cluster that runs nothing. A test sets the state of its jobs and pods. */
export async function startKubernetes({
  tls,
}: {
  readonly tls?: { readonly key: string; readonly cert: string };
} = {}) {
  const asked: Asked[] = [];
  const jobs = new Map<string, Named>();
  const world = {
    pods: [] as ReturnType<typeof podOf>[],
    /** The state of the job itself. */
    jobStatus: {} as object,
    log: "",
    /** Verbs on resources that the account may not, such as `create jobs`. */
    forbidden: new Set<string>(),
    isAway: false,
    runtimes: new Set(["torch-distributed"]),
    /** Answers that are lost on their way, after the work was done. */
    lost: 0,
  };
  const listener: RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const url = new URL(request.url ?? "/", "http://cluster");
    const text = Buffer.concat(chunks).toString();
    const what = {
      method: request.method ?? "GET",
      path: `${url.pathname}${url.search}`,
      body: text ? JSON.parse(text) : {},
    };
    asked.push(what);
    if (world.isAway) return void request.socket.destroy();
    const answer =
      request.headers.authorization === `Bearer ${TOKEN}`
        ? answerTo({ jobs, world }, what, url)
        : status(401, "Unauthorized", "Unauthorized");
    if (what.method !== "GET" && world.lost > 0) {
      world.lost--;
      return void request.socket.destroy();
    }
    const isText = typeof answer.body === "string";
    response.writeHead(answer.status, { "content-type": isText ? "text/plain" : "application/json" });
    response.end(isText ? answer.body : JSON.stringify(answer.body));
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    jobs,
    world,
    token: TOKEN,
    url: `${tls ? "https" : "http"}://127.0.0.1:${port}`,
    count: (method: string, path: RegExp) => asked.filter((one) => one.method === method && path.test(one.path)).length,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
export type ScriptedKubernetes = Awaited<ReturnType<typeof startKubernetes>>;

type State = {
  readonly jobs: Map<string, Named>;
  readonly world: {
    readonly pods: readonly ReturnType<typeof podOf>[];
    readonly jobStatus: object;
    readonly log: string;
    readonly forbidden: ReadonlySet<string>;
    readonly runtimes: ReadonlySet<string>;
  };
};
const VERBS: Readonly<Record<string, string>> = { POST: "create", GET: "get", DELETE: "delete" };

function answerTo({ jobs, world }: State, { method, body }: Asked, { pathname, searchParams }: URL): Answer {
  if (pathname === "/version") return { status: 200, body: { gitVersion: "v1.37.0" } };
  if (pathname.endsWith("/selfsubjectaccessreviews")) return review(world.forbidden, body);
  const runtime = /\/clustertrainingruntimes\/(.+)$/.exec(pathname)?.[1];
  if (runtime !== undefined)
    return world.runtimes.has(runtime) ? { status: 200, body: {} } : status(404, "NotFound", "none");
  const [, group = "", namespace, resource = "", name, sub] =
    /^\/apis?\/(?:([\w.]+)\/)?v1(?:alpha1)?\/namespaces\/([\w-]+)\/(\w+)(?:\/([\w.-]+))?(?:\/(\w+))?$/.exec(pathname) ??
    [];
  const verb = resource === "pods" && name === undefined ? "list" : (VERBS[method] ?? "");
  if (world.forbidden.has(`${verb} ${resource}`))
    return forbidden({ verb, resource, group, namespace: namespace ?? "" });
  if (resource === "pods" && sub === "log") return { status: 200, body: world.log };
  if (resource === "pods") {
    const [, of = ""] = (searchParams.get("labelSelector") ?? "").split("=");
    return { status: 200, body: { items: world.pods.filter(({ metadata }) => metadata.name.startsWith(`${of}-`)) } };
  }
  if (method === "POST") return create(jobs, body);
  const job = jobs.get(name ?? "");
  if (!job) return status(404, "NotFound", `${resource} "${name}" not found`);
  if (method === "DELETE") jobs.delete(name ?? "");
  return { status: 200, body: { ...job, status: world.jobStatus } };
}

function create(jobs: Map<string, Named>, body: Record<string, unknown>): Answer {
  const job = body as Named;
  const { name } = job.metadata;
  if (jobs.has(name)) return status(409, "AlreadyExists", `jobs.batch "${name}" already exists`);
  jobs.set(name, job);
  return { status: 201, body: job };
}

function review(missing: ReadonlySet<string>, { spec }: Record<string, unknown>): Answer {
  const { resourceAttributes: right } = spec as { resourceAttributes: { verb: string; resource: string } };
  return { status: 201, body: { status: { allowed: !missing.has(`${right.verb} ${right.resource}`) } } };
}

const forbidden = ({ verb, resource, group, namespace }: Record<"verb" | "resource" | "group" | "namespace", string>) =>
  status(
    403,
    "Forbidden",
    `${resource}${group ? `.${group}` : ""} is forbidden: User "system:serviceaccount:ml:treadle" cannot ${verb} resource "${resource}" in API group "${group}" in the namespace "${namespace}"`,
  );
