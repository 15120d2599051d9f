import type { Clock } from "../../../kernel/clock.ts";
import type { Audit } from "../../system/audit/index.ts";
import type { Redactor } from "../redaction/index.ts";

export type ContentDeps = {
  readonly audit: Pick<Audit, "record">;
  /** Whether a project records reads of content. */
  readonly isRecording: (projectId: string) => boolean;
  /** Redacts the queries in entries as the project's traces are redacted. Null if nothing is. */
  readonly redactorFor: (projectId: string) => Pick<Redactor, "text"> | null;
  readonly clock: Clock;
};
