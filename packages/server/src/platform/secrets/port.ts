/** A stored secret, and the context that it was sealed with. */
export type SealedSecret = { readonly value: string; readonly context: string };

/** Encryption of stored values that must not be readable in a backup or on a stolen disk. */
export type Secrets = {
  /** AES-256-GCM with a random nonce; `context` is bound in, so that a sealed value cannot be moved to another row. */
  seal(plain: string, context: string): string;
  /** Throws when the key or the context is not the one it was sealed with. */
  open(sealed: string, context: string): string;
};
