/** One attempt that is about to be sent to a provider, for the limits of its project. */
export type SpendOrder = {
  readonly projectId: string;
  readonly spanId: string;
  /** `key_…`, `user_…` or `system`. */
  readonly actor: string;
  /** The end user, or the signed-in person; empty for neither. */
  readonly userId: string;
  readonly tags: readonly string[];
  /** The name of the endpoint; empty for a call of a model. */
  readonly endpoint: string;
  readonly variant: string;
  /** The slug of the connection, or `local`. */
  readonly connection: string;
  /** The provider whose prices apply, or `local`. */
  readonly provider: string;
  readonly model: string;
  readonly inputTokens: number;
  /** The most tokens that the request lets the model write; null if it sets no limit. */
  readonly maxOutputTokens: number | null;
  /** How long the attempt may take. */
  readonly timeoutMs: number;
  /** A mirrored call of a shadow: only the budgets of the project apply, since no caller made it. */
  readonly isMirrored: boolean;
  /** The style of the rate-limit headers. */
  readonly headerStyle: "openai" | "anthropic";
};

/** The usage of an attempt. The cost is null if the price is unknown. */
export type Spent = {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number | null;
  /** False if the answer broke off: the count may then be too low. */
  readonly isCertain: boolean;
};

/** What an attempt holds of its limits. The first of `settle`, `release` and `abandon` counts, and later ones do nothing. */
export type Reservation = {
  /** The rate-limit headers for the caller. */
  headers(): Readonly<Record<string, string>>;
  settle(spent: Spent): void;
  /** The attempt failed before its first byte: everything is given back. */
  release(): void;
  /** The caller disconnected before the first byte: the input is charged. */
  abandon(): void;
};

/** The charged usage of one attempt, for the ledger. */
export type SpendEntry = {
  readonly projectId: string;
  readonly spanId: string;
  readonly attempt: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** `key_…`, `user_…`, `system`, or `shadow` for a mirrored call. */
  readonly actor: string;
  readonly userId: string;
  readonly tags: readonly string[];
  readonly endpoint: string;
  readonly variant: string;
  readonly connection: string;
  readonly provider: string;
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteTokens: number;
  readonly reasoningTokens: number;
  readonly costUsd: number | null;
};

/** How an attempt may wait for its turn, if a limit has a queue. */
export type Waiting = {
  /** Aborted when the caller disconnects: the attempt then leaves the queue. */
  readonly signal: AbortSignal;
  /** Whether another provider can answer. The attempt then does not wait for a limit of this provider. */
  readonly hasOther: boolean;
  /** How long earlier attempts of the same call waited. */
  readonly waitedMs: number;
};

/** The limits of all projects. */
export type SpendLimits = {
  /** Whether the project has a limit, so that nothing is estimated for one without. */
  has(projectId: string): boolean;
  /**
   * Reserves for one attempt: all limits or none. Null if no limit applies. Throws `rate_limited`, `quota_exceeded` or
   * `unprocessable`; `details.scope` names the scope of the limit that refused. A promise if the attempt waits: it rejects with
   * these errors, with `cancelled`, or with `unavailable` when the server stops.
   */
  reserve(order: SpendOrder, waiting: Waiting): Reservation | null | Promise<Reservation | null>;
  /** Adds to the ledger. Never throws. */
  record(entry: SpendEntry): void;
};
