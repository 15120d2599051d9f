import type { AlertLabels, Severity } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";

/** What happened to the subject. `info` stands alone: it opens and resolves nothing. */
export type NoticeEvent = "opened" | "escalated" | "acknowledged" | "resolved" | "reopened" | "info";

/** A message to people about one transition. Made in the transaction of the transition, so that neither exists without the other. */
export type Notice = {
  /** The object it is about. All messages about one object share a thread, and a receiver's deduplication key. */
  readonly subject: { readonly kind: "incident" | "monitor" | "issue" | "drift" | "probe"; readonly id: string };
  readonly event: NoticeEvent;
  /** Unique per transition: a second notice with the same key is ignored. */
  readonly key: string;
  readonly severity: Severity;
  /** Decides the routes, together with the severity. */
  readonly labels: AlertLabels;
  /** Notices with the same group are combined if they come within 30 seconds. For example the id of the monitor. */
  readonly group: string;
  readonly title: string;
  readonly text: string;
  /** Numbers and names, in order, such as the value, its interval, the threshold and the time. Without texts of traces. */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  /** Paths of the web app with a label. The first is the subject's page. */
  readonly links: readonly { readonly label: string; readonly path: string }[];
  readonly at: Date;
};

/** Stores a notice in the caller's transaction. It is delivered after the commit. */
export type Announce = (tx: Postgres, scope: Scope, notice: Notice) => Promise<void>;
