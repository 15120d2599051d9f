import type { Permission } from "@treadle/contract";

/** The caller and the project. It is the first argument of every service method. */
export type Scope = {
  readonly projectId: string;
  /** `user_…`, `key_…` or `system`. */
  readonly actor: string;
  /** Set for a person's session, not for an API key. */
  readonly userId: string | null;
  readonly permissions: ReadonlySet<Permission>;
  /** Patterns of the models that an API key may use. Without them, it may use every model. */
  readonly models?: readonly string[];
  /** Permissions that the caller would have in an active project, and the error that explains why not. */
  readonly withheld?: {
    readonly permissions: ReadonlySet<Permission>;
    readonly code: string;
    readonly message: string;
  };
};

/** The server itself, acting in a project. */
export const systemScope = (projectId: string): Scope => ({
  projectId,
  actor: "system",
  userId: null,
  permissions: new Set(),
});
