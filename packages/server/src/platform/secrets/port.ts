/** A stored secret, and the context that it was sealed with. */
export type SealedSecret = { readonly value: string; readonly context: string };

/** Encryption of stored values that must not be readable in a backup or on a stolen disk. */
export type Secrets = {
  /** AES-256-GCM with a random nonce; `context` is bound in, so that a sealed value cannot be moved to another row. */
  seal(plain: string, context: string): string;
  /** Throws when the key or the context is not the one it was sealed with. */
  open(sealed: string, context: string): string;
};

/** Signatures by the server, for links that other people get. */
export type Signer = {
  /** HMAC-SHA256 in base64url. `context` is bound in, so that a signature fits one use only. */
  sign(text: string, context: string): string;
};
