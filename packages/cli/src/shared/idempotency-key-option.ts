/** The flag of each command that creates something, as `option` of commander takes it. */
export const IDEMPOTENCY_KEY_OPTION = [
  "--idempotency-key <key>",
  "makes a retry safe: the same request with the same key returns the first response",
] as const;
