import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { systemClock as clock } from "../../../packages/server/src/kernel/clock.ts";
import { createAudit } from "../../../packages/server/src/modules/system/audit/index.ts";
import {
  createLifecycle,
  createProjects,
  projectRoutes,
  sessionRoutes,
} from "../../../packages/server/src/modules/system/projects/index.ts";
import { startHttp } from "../../../packages/server/src/platform/http/testing/start-http.ts";
import { openIdempotencyKeys } from "../../../packages/server/src/platform/idempotency/open.ts";
import { openJobs } from "../../../packages/server/src/platform/jobs/open.ts";
import { createLog } from "../../../packages/server/src/platform/log/pino-log.ts";
import { openTestPostgres } from "../../../packages/server/src/platform/postgres/testing/open-test-postgres.ts";
import { openTestSecrets } from "../../../packages/server/src/platform/secrets/testing/open-test-secrets.ts";

type Options = Pick<NonNullable<Parameters<typeof startHttp>[0]>, "trustedProxies" | "isBehindProxy">;

/** Real projects, keys and sessions behind the real HTTP layer. */
export async function startTenants(options: Options = {}) {
  const postgres = await openTestPostgres();
  const audit = createAudit({ db: postgres.db, clock });
  const projects = createProjects({ db: postgres.db, audit, clock });
  const { apiKey } = await projects.seedFirstProject({});
  const log = createLog("silent", { write() {} });
  const jobs = openJobs({ db: postgres.db, log, isAlone: true });
  const { authentication } = projects;
  const lifecycle = createLifecycle({
    db: postgres.db,
    audit,
    clock,
    authentication,
    jobs,
    graceDays: 7,
    endWork: async () => {},
  });
  const secrets = await openTestSecrets({ folder: tmpdir(), key: randomBytes(32).toString("base64url") });
  const idempotency = openIdempotencyKeys({ db: postgres.db, secrets, clock, log });
  const mounted = [sessionRoutes(projects), projectRoutes(projects, { audit, lifecycle })];
  const server = await startHttp({ mounted, authenticate: projects.authenticate, idempotency, ...options });

  const call = async (endpoint: string, headers: Readonly<Record<string, string>>, body?: object) => {
    const [method, path] = endpoint.split(" ");
    const response = await fetch(server.url + path, {
      method,
      headers: { ...(body && { "content-type": "application/json", origin: server.url }), ...headers },
      body: body && JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, answer: JSON.parse(await response.text()) };
  };
  /** Signs in with a one-time token and returns the cookie header. */
  const enter = async (token: string | null) => {
    const { headers } = await call("POST /api/v1/session", {}, { token });
    return { cookie: headers.get("set-cookie")?.split(";", 1)[0] ?? "", origin: server.url };
  };
  return {
    db: postgres.db,
    projects,
    url: server.url,
    key: { authorization: `Bearer ${apiKey}` },
    call,
    enter,
    async close() {
      await server.close();
      await idempotency.close();
      await postgres.close();
    },
  };
}
export type Tenants = Awaited<ReturnType<typeof startTenants>>;
