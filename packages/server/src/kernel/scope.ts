import type { Permission } from "@treadle/contract";

/** Who is calling and which project they act in. The first argument of every service method. */
export type Scope = {
  readonly projectId: string;
  /** `user_…`, `key_…` or `system`. */
  readonly actor: string;
  /** Set for a person's session, not for an API key. */
  readonly userId: string | null;
  readonly permissions: ReadonlySet<Permission>;
};
