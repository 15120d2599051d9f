import type { ShadowReason } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import type { Log } from "../../../../kernel/log.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { MirrorCall } from "../../../build/gateway/index.ts";
import type { ShadowRow } from "../stores/shadow-store.ts";

/** What finds and removes personal data. */
export type Privacy = {
  readonly hasPrivate: (text: string) => boolean;
  /** The same object with a placeholder for each private value in its texts. */
  readonly mask: (value: Readonly<Record<string, unknown>>) => Record<string, unknown>;
};

export type RunDeps = {
  readonly db: Postgres;
  /** Repeats a request with another variant. Never throws. */
  readonly mirror: MirrorCall;
  readonly privacy: Privacy;
  readonly clock: Clock;
  readonly log: Pick<Log, "warn" | "error">;
};

/** A change of state that the shadow makes itself. */
export type OwnChange = {
  readonly state: "paused" | "ended";
  readonly reason: Exclude<ShadowReason, "person">;
  readonly message: string;
};
export type OnChange = (row: ShadowRow, change: OwnChange) => void;
