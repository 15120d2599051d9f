/** A question of a customer of the sample shop. `{order}`, `{name}` and `{date}` are replaced. */
export type Topic = {
  readonly intent: string;
  /** Each turn continues the previous one. */
  readonly turns: readonly { readonly user: string; readonly assistant: string }[];
  /** The passages of the help centre that fit, best first. */
  readonly documents: readonly { readonly title: string; readonly text: string }[];
  /** The agent's lookup, if the answer needs it. */
  readonly tool: {
    readonly name: string;
    readonly arguments: Readonly<Record<string, unknown>>;
    readonly result: Readonly<Record<string, unknown>>;
  } | null;
};
