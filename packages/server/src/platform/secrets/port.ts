/** Encryption of what must be kept but not be readable in a backup or a stolen disk. */
export type Secrets = {
  /** AES-256-GCM with a random nonce; `context` is bound in, so that a sealed value cannot be moved to another row. */
  seal(plain: string, context: string): string;
  /** Throws when the key or the context is not the one it was sealed with. */
  open(sealed: string, context: string): string;
};
