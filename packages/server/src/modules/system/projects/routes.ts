import { projectsApi, sessionApi } from "@treadle/contract";
import { cutPage } from "../../../kernel/pages.ts";
import { mount } from "../../../platform/http/handlers.ts";
import type { Audit } from "../audit/index.ts";
import type { Lifecycle } from "./lifecycle/lifecycle-service.ts";
import type { Projects } from "./service.ts";

const DONE = { ok: true } as const;

export const sessionRoutes = ({ sessions, account }: Projects) =>
  mount(sessionApi, {
    "POST /api/v1/session": async ({ body, remoteAddress, setHeader }) => {
      const { session, cookie } = await sessions.signIn(body, remoteAddress);
      setHeader("set-cookie", cookie);
      return session;
    },
    "GET /api/v1/session": async ({ scope, headers, setHeader }) => {
      const { session, cookie } = await sessions.get(scope, headers.cookie);
      if (cookie !== null) setHeader("set-cookie", cookie);
      return session;
    },
    "DELETE /api/v1/session": async ({ scope, headers, setHeader }) => {
      setHeader("set-cookie", (await sessions.signOut(scope, headers.cookie)).cookie);
      return DONE;
    },
    "PATCH /api/v1/account": ({ scope, body, headers, remoteAddress }) =>
      account.update(scope, body, { cookie: headers.cookie, remoteAddress }),
  });

type Managed = { readonly audit: Audit; readonly lifecycle: Lifecycle };

export const projectRoutes = ({ keys, members }: Projects, { audit, lifecycle }: Managed) =>
  mount(projectsApi, {
    "GET /api/v1/projects": async ({ scope, query }) =>
      cutPage((await lifecycle.list(scope)).items, query, ({ isSample, createdAt, projectId }) => [
        `${isSample ? 1 : 0} ${createdAt}`,
        projectId,
      ]),
    "POST /api/v1/projects": ({ scope, body }) => lifecycle.create(scope, body.name),
    "PATCH /api/v1/projects/:projectId": ({ scope, params, body }) =>
      lifecycle.rename(scope, params.projectId, body.name),
    "POST /api/v1/projects/:projectId/archive": ({ scope, params }) => lifecycle.archive(scope, params.projectId),
    "POST /api/v1/projects/:projectId/restore": ({ scope, params }) => lifecycle.restore(scope, params.projectId),
    "DELETE /api/v1/projects/:projectId": ({ scope, params, query }) =>
      lifecycle.delete(scope, params.projectId, query.confirm),
    "GET /api/v1/api-keys": ({ scope, query }) => keys.list(scope, query),
    "POST /api/v1/api-keys": ({ scope, body }) => keys.create(scope, body),
    "DELETE /api/v1/api-keys/:apiKeyId": async ({ scope, params }) => {
      await keys.revoke(scope, params.apiKeyId);
      return DONE;
    },
    "GET /api/v1/members": ({ scope, query }) => members.list(scope, query),
    "POST /api/v1/members": ({ scope, body }) => members.invite(scope, body),
    "PATCH /api/v1/members/:userId": ({ scope, params, body }) => members.updateRole(scope, params.userId, body.role),
    "DELETE /api/v1/members/:userId": async ({ scope, params }) => {
      await members.remove(scope, params.userId);
      return DONE;
    },
    "GET /api/v1/audit-entries": ({ scope, query }) => audit.list(scope, query),
  });
