/** A regular expression that cannot be used, and why. */
export class PatternError extends Error {
  constructor(pattern: string, why: string, cause?: unknown) {
    super(`The regular expression "${pattern.slice(0, 80)}" cannot be used: ${why}.`, { cause });
    this.name = "PatternError";
  }
}
