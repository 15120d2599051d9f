/** A request's body. Only the fields that all formats share are typed; the contract has validated the rest. */
export type AnyRequest = {
  readonly model: string;
  readonly stream?: boolean | null;
  readonly [field: string]: unknown;
};

export type CallerHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;
