import type { Clock } from "../../../../kernel/clock.ts";
import type { Log } from "../../../../kernel/log.ts";
import type { Outbound, OutboundSockets } from "../../../../platform/outbound/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Secrets, Signer } from "../../../../platform/secrets/port.ts";
import type { Audit } from "../../audit/index.ts";
import type { Notice } from "./notice.ts";

/** What happened to the subject of a link. */
export type Acknowledgement = "acknowledged" | "already-acknowledged" | "not-found";
/** Acknowledges a subject for a person who is not signed in. `by` says how, such as `the link in On-call`. */
export type Acknowledge = (projectId: string, subject: Notice["subject"], by: string) => Promise<Acknowledgement>;

export type NotificationsDeps = {
  readonly db: Postgres;
  readonly audit: Pick<Audit, "record">;
  readonly secrets: Secrets & Signer;
  readonly outbound: Pick<Outbound, "request" | "checkUrl"> & OutboundSockets;
  readonly clock: Clock;
  readonly log: Log;
  /** The address of the web app for links in messages. Without it, messages have no links. */
  readonly publicUrl: string | undefined;
  readonly acknowledge: Acknowledge;
  readonly projectNameOf: (projectId: string) => Promise<string>;
  /** From 0 to 1, for the jitter of retries. */
  readonly random?: () => number;
};
