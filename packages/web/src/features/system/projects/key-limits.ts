/** The fields of a new key that narrow its use. */
export type KeyLimits = {
  /** One pattern per line. */
  readonly models: string;
  /** As `datetime-local` gives it, in the reader's time zone. Empty for never. */
  readonly expires: string;
};
export const NO_LIMITS: KeyLimits = { models: "", expires: "" };

/** The limits as the API takes them: null for all models, and for never. */
export function readKeyLimits({ models, expires }: KeyLimits): { models: string[] | null; expiresAt: string | null } {
  const patterns = [...new Set(models.split(/[\n,]/).map((line) => line.trim()))].filter(Boolean);
  return {
    models: patterns.length === 0 ? null : patterns,
    expiresAt: expires === "" ? null : new Date(expires).toISOString(),
  };
}
