import type { Clock } from "../../../../../kernel/clock.ts";
import type { Log } from "../../../../../kernel/log.ts";
import type { Postgres } from "../../../../../platform/postgres/port.ts";
import type { Audit } from "../../../../system/audit/index.ts";
import type { EndpointSource } from "../../resolve/resolve-model.ts";

/** What higher modules know of texts. */
export type TextFacts = {
  /** Whether a text has personal data or secrets, which are not stored. */
  hasPrivate(text: string): boolean;
  /** ISO 639-1, or `und` for a text that is too short to tell. */
  languageOf(text: string): Promise<string>;
};
/** One vector for each text. */
export type Embed = (
  texts: readonly string[],
  by: { readonly caller: string; readonly signal: AbortSignal },
) => Promise<readonly (readonly number[])[]>;

export type SemanticCacheDeps = {
  readonly db: Postgres;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
  readonly audit: Pick<Audit, "record">;
  readonly endpoints: EndpointSource;
  readonly embed: Embed;
  readonly texts: TextFacts;
};
