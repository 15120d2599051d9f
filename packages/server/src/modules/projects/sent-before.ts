type Sent = { readonly credential: string; readonly hash: string };

/**
 * The hash of the credential that came over a connection last: over one that is kept open the same comes with every request, and hashing
 * it anew costs more than all else that is done to know a caller. It goes with its connection. Whether what it stands for is still right
 * is not remembered here. Null, as `hashOf` gives it, for what can be no credential.
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
