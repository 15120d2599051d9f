/** A request's body, of which only the fields every shape shares are typed here; the contract has checked the rest. */
export type AnyRequest = {
  readonly model: string;
  readonly stream?: boolean | null;
  readonly [field: string]: unknown;
};

export type CallerHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;
