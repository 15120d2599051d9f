type Sent = { readonly credential: string; readonly hash: string };

/**
 * The hash of the last credential of a connection. Over a persistent connection, the same credential comes with every
 * request, and hashing it again costs more than the rest of authentication. It is dropped with its connection. It does
 * not cache whether the credential is valid. Null, as from `hashOf`, for text that cannot be a credential.
 */
export function createSentBefore(hashOf: (credential: string) => string | null) {
  const lastOf = new WeakMap<object, Sent>();
  return function hashSent(credential: string, connection: object | undefined): string | null {
    const last = connection && lastOf.get(connection);
    if (last?.credential === credential) return last.hash;
    const hash = hashOf(credential);
    if (connection && hash !== null) lastOf.set(connection, { credential, hash });
    return hash;
  };
}
