import { systemClock as clock } from "../../packages/server/src/kernel/clock.ts";
import { createAudit } from "../../packages/server/src/modules/audit/index.ts";
import { createProjects, projectRoutes, sessionRoutes } from "../../packages/server/src/modules/projects/index.ts";
import { startHttp } from "../../packages/server/src/platform/http/testing/start-http.ts";
import { openTestPostgres } from "../../packages/server/src/platform/postgres/testing/open-test-postgres.ts";

/** The real projects, keys and sessions behind the real HTTP layer. */
export async function startTenants() {
  const postgres = await openTestPostgres();
  const audit = createAudit({ db: postgres.db, clock });
  const projects = createProjects({ db: postgres.db, audit, clock });
  const { apiKey } = await projects.seedFirstProject({});
  const mounted = [sessionRoutes(projects), projectRoutes(projects, audit)];
  const server = await startHttp({ mounted, authenticate: projects.authenticate });

  const call = async (endpoint: string, headers: Readonly<Record<string, string>>, body?: object) => {
    const [method, path] = endpoint.split(" ");
    const response = await fetch(server.url + path, {
      method,
      headers: { ...(body && { "content-type": "application/json", origin: server.url }), ...headers },
      body: body && JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, answer: JSON.parse(await response.text()) };
  };
  /** Signs in with a one-time token and gives the cookie as a header. */
  const enter = async (token: string | null) => {
    const { headers } = await call("POST /api/v1/session", {}, { token });
    return { cookie: headers.get("set-cookie")?.split(";", 1)[0] ?? "", origin: server.url };
  };
  return {
    projects,
    key: { authorization: `Bearer ${apiKey}` },
    call,
    enter,
    async close() {
      await server.close();
      await postgres.close();
    },
  };
}
export type Tenants = Awaited<ReturnType<typeof startTenants>>;
