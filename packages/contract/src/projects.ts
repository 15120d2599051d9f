import { z } from "zod";
import { Done, Name, PageQuery, pageOf, Timestamp } from "./pages.ts";
import { PERMISSIONS, ROLES } from "./permissions.ts";
import { defineApi } from "./route.ts";

export const Project = z.object({
  id: z.string(),
  name: z.string(),
  isSample: z.boolean(),
  createdAt: Timestamp,
});
export type Project = z.infer<typeof Project>;

export const ApiKey = z.object({
  id: z.string(),
  name: z.string(),
  hint: z.string().describe("The first and last characters, to recognise it by; the key itself is shown once."),
  permissions: z.array(z.enum(PERMISSIONS)),
  createdAt: Timestamp,
  lastUsedAt: Timestamp.nullable(),
});
export type ApiKey = z.infer<typeof ApiKey>;
export const NewApiKey = ApiKey.extend({ key: z.string().describe("Shown once, kept only as a hash.") });

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
  id: z.string(),
  createdAt: Timestamp,
  actor: z.string().describe("The user id, the API key id, or `system`."),
  action: z.string().describe("A thing and a verb, such as `connection.update`."),
  target: z.string(),
  details: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export const projectsApi = defineApi({
  "GET /api/v1/projects": {
    name: "listProjects",
    summary: "The projects the caller can open",
    permission: "signed-in",
    response: z.object({ items: z.array(Project) }),
  },
  "PATCH /api/v1/projects/:projectId": {
    name: "updateProject",
    summary: "Rename a project",
    permission: "projects:write",
    params: z.object({ projectId: z.string() }),
    body: z.strictObject({ name: Name }),
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
    summary: "Make an API key; its rights are those asked for that the caller has too",
    permission: "keys:write",
    body: z.strictObject({ name: Name, permissions: z.array(z.enum(PERMISSIONS)).min(1).optional() }),
    response: NewApiKey,
    status: 201,
  },
  "DELETE /api/v1/api-keys/:apiKeyId": {
    name: "revokeApiKey",
    summary: "Revoke an API key; it stops working at once",
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
    body: z.strictObject({ email: z.email().max(200), name: Name.optional(), role: z.enum(ROLES) }),
    response: Invitation,
    status: 201,
  },
  "PATCH /api/v1/members/:userId": {
    name: "updateMember",
    summary: "Change a member's role",
    permission: "members:write",
    params: z.object({ userId: z.string() }),
    body: z.strictObject({ role: z.enum(ROLES) }),
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
    summary: "Who changed what, newest first",
    permission: "audit:read",
    query: PageQuery,
    response: pageOf(AuditEntry),
  },
});
