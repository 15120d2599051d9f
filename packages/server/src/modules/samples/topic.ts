/** What a customer of the made-up shop asks about. `{order}`, `{name}` and `{date}` are filled in. */
export type Topic = {
  readonly intent: string;
  /** Each turn goes on from the one before. */
  readonly turns: readonly { readonly user: string; readonly assistant: string }[];
  /** The passages of the help centre that fit, best first. */
  readonly documents: readonly { readonly title: string; readonly text: string }[];
  /** What the agent looks up, when the answer needs it. */
  readonly tool: {
    readonly name: string;
    readonly arguments: Readonly<Record<string, unknown>>;
    readonly result: Readonly<Record<string, unknown>>;
  } | null;
};
