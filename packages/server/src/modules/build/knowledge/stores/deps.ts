import type { Clock } from "../../../../kernel/clock.ts";
import type { Log } from "../../../../kernel/log.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Documents, Ocr } from "../../../../platform/documents/port.ts";
import type { Jobs } from "../../../../platform/jobs/port.ts";
import type { Objects } from "../../../../platform/objects/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Thread } from "../../../../platform/threads/port.ts";
import type { Audit } from "../../../system/audit/index.ts";
import type { Guards } from "../../guards/index.ts";
import type { IndexOrders } from "../work/index-work.ts";
import type { SearchOrders } from "../work/search-work.ts";

/** A model that turns texts into vectors. */
export type Embedder = {
  /** The name that the gateway knows. */
  readonly model: string;
  /** Differs if equal texts can have other vectors. */
  readonly hash: string;
  /** The most tokens of a text, with its prefix. */
  readonly maxTokens: number;
};

export type Embedding = {
  /** Starts the download of a known model. Throws `not_found` or `invalid_request` for a model that cannot embed. */
  prepare(scope: Scope, model: string): Promise<void>;
  /** An empty name is the default model. Throws like `prepare`, and `unavailable` while the model is downloaded. */
  find(scope: Scope, model: string): Promise<Embedder>;
  /** One vector per text. */
  embed(
    scope: Scope,
    order: { readonly model: string; readonly texts: readonly string[]; readonly purpose: "query" | "passage" },
    signal: AbortSignal,
  ): Promise<readonly ArrayLike<number>[]>;
};

export type KnowledgeDeps = {
  readonly db: Postgres;
  readonly objects: Pick<Objects, "put" | "get" | "has" | "place" | "delete">;
  readonly jobs: Pick<Jobs, "register" | "send" | "get" | "cancel">;
  readonly documents: Pick<Documents, "parse" | "close">;
  readonly ocr: Ocr;
  readonly guards: Pick<Guards, "check" | "get">;
  readonly embedding: Embedding;
  readonly languageOf: (text: string) => Promise<string | null>;
  /** Indexing and searching have separate threads, so that one does not slow the other. */
  readonly indexThread: Thread<IndexOrders>;
  readonly searchThread: Thread<SearchOrders>;
  /** A folder for links to segments, which the search thread reads. */
  readonly folder: string;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  readonly log: Log;
};
