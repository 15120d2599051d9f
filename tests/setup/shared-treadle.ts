import { randomBytes } from "node:crypto";
import { type Client, createClient } from "../../packages/sdk/src/index.ts";
import { atWorkerEnd } from "./at-worker-end.ts";
import { type RunningTreadle, startTreadle } from "./start-treadle.ts";

/** A fresh project on the server that all test files of a worker share. */
export type SharedTreadle = RunningTreadle & {
  /** The fresh project, on which the API key has all permissions, and the sample project, which no test may change. */
  readonly projects: { readonly own: string; readonly sample: string };
};

type Server = RunningTreadle & { readonly owner: (projectId?: string) => Client; readonly sample: string };

const servers = new Map<string, Promise<Server>>();

/**
 * Opens a fresh project on a shared server. Its sign-in link belongs to an owner who sees only this project and the
 * sample project. `stop` deletes the project, which ends its jobs, and leaves the server running.
 *
 * A worker starts one server for each set of settings in its test files. A test about starting, crashing, or everything
 * that a server stores starts a separate server with `startTreadle`.
 */
export async function openSharedTreadle(env: Readonly<Record<string, string>> = {}): Promise<SharedTreadle> {
  const settings = JSON.stringify(env);
  const server = servers.get(settings) ?? startServer(env);
  servers.set(settings, server);
  // After a failure, the next file tries again.
  server.catch(() => servers.delete(settings));
  const { owner, sample, ...treadle } = await server;
  const { projectId: own } = await owner().call("POST /api/v1/projects", { body: { name: "My project" } });
  const email = `owner-${randomBytes(6).toString("hex")}@example.com`;
  const [{ key }, { signInPath }] = await Promise.all([
    owner(own).call("POST /api/v1/api-keys", { body: { name: "tests" } }),
    owner(own).call("POST /api/v1/members", { body: { email, name: "Owner", role: "owner" } }),
  ]);
  await owner(sample).call("POST /api/v1/members", { body: { email, role: "owner" } });
  return {
    ...treadle,
    apiKey: key,
    projects: { own, sample },
    signInLink: async () => `${treadle.url}${signInPath}`,
    async stop() {
      await owner(own).call("DELETE /api/v1/projects/:projectId", {
        params: { projectId: own },
        query: { confirm: "My project" },
      });
    },
  };
}

async function startServer(env: Readonly<Record<string, string>>): Promise<Server> {
  const treadle = await startTreadle({ env });
  atWorkerEnd(treadle.kill);
  const owner = await signInAsOwner(treadle);
  const { projects } = await owner().call("GET /api/v1/session");
  // A server without sample data has no sample project.
  return { ...treadle, owner, sample: projects.find(({ isSample }) => isSample)?.projectId ?? "" };
}

/** Signs in with the server's sign-in link. Returns a function that makes a client for a project of that owner. */
export async function signInAsOwner(treadle: Pick<RunningTreadle, "url" | "signInLink">) {
  const cookie = await signIn(treadle);
  return (projectId?: string): Client =>
    createClient({
      baseUrl: treadle.url,
      ...(projectId !== undefined && { projectId }),
      fetch: (input, init) =>
        fetch(input, {
          ...init,
          headers: { ...Object.fromEntries(new Headers(init?.headers)), cookie, origin: treadle.url },
        }),
    });
}

/** The cookie of a session. */
async function signIn(treadle: Pick<RunningTreadle, "url" | "signInLink">): Promise<string> {
  const token = /#token=(\S+)/.exec(await treadle.signInLink())?.[1];
  const response = await fetch(`${treadle.url}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: treadle.url },
    body: JSON.stringify({ token }),
  });
  if (!response.ok) throw new Error(`the first owner could not sign in: ${await response.text()}`);
  return response.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
}
