type Place = {
  readonly host: string;
  readonly port: number;
  /** The setting that the port comes from. */
  readonly setting: string;
};

const SENTENCES: Readonly<Record<string, (place: Place) => string>> = {
  EADDRINUSE: ({ host, port, setting }) =>
    `Port ${port} on ${host} is in use by another program. Stop that program, or set ${setting} to another port (0 picks a free one).`,
  EACCES: ({ port, setting }) => `This user may not listen on port ${port}. Set ${setting} to a port above 1023.`,
  EADDRNOTAVAIL: ({ host }) =>
    `This machine has no address ${host}. Set TREADLE_HOST to an address of this machine, or to 127.0.0.1.`,
  ENOTFOUND: ({ host }) =>
    `The host name ${host} cannot be resolved. Set TREADLE_HOST to an address of this machine, or to 127.0.0.1.`,
};

/** Why a port could not be taken, in a sentence that names the setting to change. */
export function explainListen(cause: unknown, place: Place): Error {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const { host, port, setting } = place;
  const sentence =
    SENTENCES[code]?.(place) ?? `The server could not listen on ${host}:${port} (TREADLE_HOST, ${setting}).`;
  return new Error(sentence, { cause });
}
