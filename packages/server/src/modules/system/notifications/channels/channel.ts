import type { Outbound, OutboundSockets } from "../../../../platform/outbound/port.ts";
import type { NoticeRow } from "../stores/notice-store.ts";
import type { ChannelSecrets, StoredSettings } from "../stores/stored-settings.ts";

/** One message to one channel, with what people need to act on it. */
export type Outgoing = {
  /** The same for each attempt: a receiver can use it to ignore repeats. */
  readonly messageId: string;
  readonly projectName: string;
  /** Oldest first. At least one. */
  readonly notices: readonly NoticeRow[];
  /** Why it is sent besides the notices, in one sentence. Empty if there is no other reason. */
  readonly preface: string;
  /** The absolute address of a path of the web app. Null if the server does not know its public URL. */
  readonly urlOf: (path: string) => string | null;
  /** The link that acknowledges a notice's subject. Null if nothing is to acknowledge. */
  readonly acknowledgeUrlOf: (notice: NoticeRow) => string | null;
};

/** What the receiver did with a message. */
export type Outcome =
  | { readonly kind: "delivered"; readonly message: string }
  /** Try again later, and not before `waitMs`. */
  | { readonly kind: "retry"; readonly message: string; readonly waitMs: number }
  /** The receiver will never take this message. */
  | { readonly kind: "rejected"; readonly message: string }
  /** The receiver no longer exists. */
  | { readonly kind: "gone"; readonly message: string };

export type Means = {
  readonly outbound: Pick<Outbound, "request"> & OutboundSockets;
  readonly now: () => number;
};

export type Target<Settings extends StoredSettings = StoredSettings> = {
  readonly settings: Settings;
  readonly secrets: ChannelSecrets;
};

/** A kind of receiver. */
export type Channel<Settings extends StoredSettings> = {
  /** Whether several notices can be one message. Otherwise each is sent alone, also in a storm. */
  readonly combines: boolean;
  /** The shortest time between two messages. */
  readonly gapMs: number;
  send(target: Target<Settings>, message: Outgoing, means: Means): Promise<Outcome>;
};
