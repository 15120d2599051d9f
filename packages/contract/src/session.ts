import { z } from "zod";
import { Done, Name } from "./pages.ts";
import { PERMISSIONS, ROLES } from "./permissions.ts";
import { defineApi } from "./route.ts";

export const User = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  hasPassword: z.boolean(),
});
export type User = z.infer<typeof User>;

export const ProjectAccess = z.object({
  id: z.string(),
  name: z.string(),
  isSample: z.boolean().describe("The project holds sample data made by Treadle itself."),
  role: z.enum(ROLES),
  permissions: z.array(z.enum(PERMISSIONS)),
});
export type ProjectAccess = z.infer<typeof ProjectAccess>;

export const Session = z.object({ user: User, projects: z.array(ProjectAccess) });
export type Session = z.infer<typeof Session>;

export const Password = z.string().min(10, "use at least 10 characters").max(200);

export const sessionApi = defineApi({
  "POST /api/v1/session": {
    name: "signIn",
    summary: "Sign in with an email and password, or with a one-time sign-in token; sets the session cookie",
    permission: "public",
    body: z.union([
      z.strictObject({ token: z.string().min(1).max(200) }),
      z.strictObject({ email: z.string().trim().min(3).max(200), password: z.string().min(1).max(200) }),
    ]),
    response: Session,
  },
  "GET /api/v1/session": {
    name: "getCurrentSession",
    summary: "Who is signed in, and the projects they can open",
    permission: "signed-in",
    response: Session,
  },
  "DELETE /api/v1/session": {
    name: "signOut",
    summary: "End this session",
    permission: "signed-in",
    response: Done,
  },
  "PATCH /api/v1/account": {
    name: "updateAccount",
    summary: "Change one's own name, email or password; a password that exists must be given to change it",
    permission: "signed-in",
    body: z.strictObject({
      name: Name.optional(),
      email: z.email().max(200).optional(),
      password: Password.optional(),
      currentPassword: z.string().max(200).optional(),
    }),
    response: User,
  },
});
