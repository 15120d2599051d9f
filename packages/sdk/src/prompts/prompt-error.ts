/** A prompt that could not be filled in here: a wrong input, or a template that only the server can read. */
export class PromptError extends Error {
  override readonly name = "PromptError";
  /** What it is about, such as `inputs.question`. */
  readonly param: string;

  constructor(param: string, why: string, cause?: unknown) {
    super(`${param}: ${why}`, { cause });
    this.param = param;
  }
}
