import { z } from "zod";
import { Done, Name, PageQuery, pageOf, StoredTime, Timestamp } from "../pages.ts";
import { PERMISSIONS, ROLES } from "../permissions.ts";
import { defineApi } from "../route.ts";

export const PROJECT_STATES = ["active", "archived", "deleted"] as const;

/** A permission by its name. */
export const PermissionName = z.enum(PERMISSIONS);

export const Project = z.object({
  projectId: z.string(),
  name: z.string(),
  isSample: z.boolean(),
  isFirst: z
    .boolean()
    .describe("The first project. Its owners and admins administer the server. It can only be renamed."),
  state: z
    .enum(PROJECT_STATES)
    .describe("`archived`: read only, without gateway calls. `deleted`: closed, and can be restored until `purgeAt`."),
  createdAt: Timestamp,
  archivedAt: Timestamp.nullable(),
  deletedAt: Timestamp.nullable(),
  purgeAt: Timestamp.nullable().describe("For a deleted project: when its data is removed."),
});
export type Project = z.infer<typeof Project>;

export const ApiKey = z.object({
  apiKeyId: z.string(),
  name: z.string(),
  hint: z.string().describe("The first and last characters, which identify the key. The key itself is shown once."),
  permissions: z.array(PermissionName),
  models: z.array(z.string()).nullable().describe("Patterns of the models that the key may use. Null for every model."),
  expiresAt: Timestamp.nullable().describe("When the key stops working. Null for never."),
  createdAt: Timestamp,
  lastUsedAt: Timestamp.nullable(),
});
export type ApiKey = z.infer<typeof ApiKey>;
export const NewApiKey = ApiKey.extend({ key: z.string().describe("Shown once. The server stores only a hash.") });

export const Member = z.object({
  userId: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  createdAt: Timestamp,
  lastSeenAt: Timestamp.nullable(),
});
export type Member = z.infer<typeof Member>;
export const Invitation = Member.extend({
  signInPath: z.string().describe("A one-time sign-in path, valid for 72 hours, to send to the new member."),
});

export const AuditEntry = z.object({
  auditEntryId: z.string(),
  createdAt: Timestamp,
  actor: z.string().describe("The user id, the API key id, or `system`."),
  action: z.string().describe("An object and a verb, such as `connection.update`."),
  target: z.string(),
  details: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

const projectParams = z.object({ projectId: z.string() });

export const projectsApi = defineApi({
  "GET /api/v1/projects": {
    name: "listProjects",
    summary: "The projects that the caller can open; with `projects:manage` all projects of the server",
    permission: "signed-in",
    query: PageQuery,
    response: pageOf(Project),
  },
  "POST /api/v1/projects": {
    name: "createProject",
    summary: "Create a project. The caller becomes its owner; for an API key, the owners of the key's project do",
    permission: "projects:manage",
    body: z.strictObject({ name: Name }),
    response: Project,
    status: 201,
  },
  "PATCH /api/v1/projects/:projectId": {
    name: "updateProject",
    summary: "Rename a project",
    permission: "projects:write",
    params: projectParams,
    body: z.strictObject({ name: Name }),
    response: Project,
  },
  "POST /api/v1/projects/:projectId/archive": {
    name: "archiveProject",
    summary: "Make a project read only: changes, traces and gateway calls fail until it is restored",
    permission: "projects:write",
    description:
      "API keys can still read; any other call returns 403 with the code `project_archived`. Jobs wait until the project is restored.",
    params: projectParams,
    response: Project,
  },
  "POST /api/v1/projects/:projectId/restore": {
    name: "restoreProject",
    summary: "Make an archived project active again, or a deleted one whose data is still there",
    permission: "projects:write",
    params: projectParams,
    response: Project,
  },
  "DELETE /api/v1/projects/:projectId": {
    name: "deleteProject",
    summary: "Close a project and its API keys now; its data is removed after TREADLE_PROJECT_GRACE_DAYS",
    permission: "projects:write",
    description:
      "API keys of the project return 401 from now on, and its training runs are canceled. Until its data is removed, the project can be restored.",
    params: projectParams,
    query: z.object({ confirm: z.string().max(200).describe("The exact name of the project.") }),
    response: Project,
  },
  "GET /api/v1/api-keys": {
    name: "listApiKeys",
    summary: "The project's API keys, newest first",
    permission: "keys:read",
    query: PageQuery,
    response: pageOf(ApiKey),
  },
  "POST /api/v1/api-keys": {
    name: "createApiKey",
    summary: "Create an API key; it gets the requested permissions that the caller also has",
    permission: "keys:write",
    description: "Only this response contains the key. The server stores a hash of it.",
    body: z.strictObject({
      name: Name,
      permissions: z.array(PermissionName).min(1).optional(),
      models: z
        .array(z.string().min(1).max(240))
        .min(1)
        .max(100)
        .nullable()
        .optional()
        .describe("Patterns of the models and endpoints that the key may call, such as `openai/*`. Null for all."),
      expiresAt: StoredTime.nullable().optional().describe("When the key stops working. Null for never."),
    }),
    example: { name: "support-app", permissions: ["gateway:use", "traces:write"] },
    response: NewApiKey,
    status: 201,
  },
  "DELETE /api/v1/api-keys/:apiKeyId": {
    name: "revokeApiKey",
    summary: "Revoke an API key; it stops working immediately",
    permission: "keys:write",
    params: z.object({ apiKeyId: z.string() }),
    response: Done,
  },
  "GET /api/v1/members": {
    name: "listMembers",
    summary: "The members of the project",
    permission: "members:read",
    query: PageQuery,
    response: pageOf(Member),
  },
  "POST /api/v1/members": {
    name: "inviteMember",
    summary: "Add a member by email and get a one-time sign-in path for them",
    permission: "members:write",
    description: "The sign-in path is valid for 72 hours.",
    body: z.strictObject({ email: z.email().max(200), name: Name.optional(), role: z.enum(ROLES) }),
    example: { email: "grace@example.com", role: "member" },
    response: Invitation,
    status: 201,
  },
  "PATCH /api/v1/members/:userId": {
    name: "updateMember",
    summary: "Change a member's role",
    permission: "members:write",
    params: z.object({ userId: z.string() }),
    body: z.strictObject({ role: z.enum(ROLES) }),
    example: { role: "member" },
    response: Member,
  },
  "DELETE /api/v1/members/:userId": {
    name: "removeMember",
    summary: "Remove a member from the project; the last owner cannot be removed",
    permission: "members:write",
    params: z.object({ userId: z.string() }),
    response: Done,
  },
  "GET /api/v1/audit-entries": {
    name: "listAuditEntries",
    summary: "The audit log: who changed or read what, newest first",
    permission: "audit:read",
    query: PageQuery.extend({
      kind: z.enum(["any", "changes", "reads"]).default("any").describe("`reads`: reads of inputs and outputs."),
    }),
    response: pageOf(AuditEntry),
  },
});
