/** A request that carries an `Idempotency-Key`. */
export type KeyedRequest = {
  readonly projectId: string;
  readonly actor: string;
  /** Method and path of the operation, such as `POST /api/v1/datasets/:datasetId/items`. */
  readonly operation: string;
  readonly key: string;
  /** The path and query as they were sent. */
  readonly url: string;
  readonly body: Uint8Array;
};

/** A response as it was sent: its status and its JSON text. */
export type StoredResponse = { readonly status: number; readonly body: string };

/** A request that must run now, because its key is new. Call one of the two when it ends; neither throws. */
export type Claim = {
  /** Stores the response, which each retry gets. */
  store(response: StoredResponse): Promise<void>;
  /** Forgets the key, so that a retry runs. */
  release(): Promise<void>;
};

/** The keys that callers sent recently, and the responses to their requests. */
export type IdempotencyKeys = {
  /**
   * The stored response to an earlier request with this key, or a claim. Throws `conflict` when the earlier request was
   * different, still runs, or ended without a response that is known.
   */
  begin(request: KeyedRequest): Promise<StoredResponse | Claim>;
};
