/** How a flag's text becomes a value. `any` takes JSON, or a text that is no JSON. */
export type FlagKind = "text" | "number" | "integer" | "boolean" | "choice" | "list" | "numbers" | "json" | "any";

/** A field of a query or of the top level of a body, as a flag. */
export type Flag = {
  /** The name of the field in the request. */
  readonly field: string;
  /** The flag without its dashes. */
  readonly name: string;
  readonly in: "query" | "body";
  readonly kind: FlagKind;
  readonly help?: string;
  readonly choices?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly required?: boolean;
  /** The field may be set to null. */
  readonly nullable?: boolean;
};

/** An argument that is part of the path. */
export type Param = { readonly field: string; readonly name: string; readonly help?: string };

/** `bytes`: a file as it is. `multipart`: a file in the form that OpenAI's upload takes. */
type BodyKind = "json" | "bytes" | "multipart";

/** One operation of the API as a command. The list of all is generated from the contract. */
export type Operation = {
  readonly noun: string;
  readonly verb: string;
  readonly aliases?: readonly string[];
  /** The name of the operation in the contract. */
  readonly name: string;
  /** Method and path, such as `GET /api/v1/datasets/:datasetId`. */
  readonly endpoint: string;
  readonly area: string;
  readonly summary: string;
  readonly permission: string;
  readonly params?: readonly Param[];
  readonly flags?: readonly Flag[];
  readonly body?: BodyKind;
  /** The operation accepts an idempotency key, so `--idempotency-key` is a flag. */
  readonly acceptsKey?: boolean;
  /** The content type of a body of bytes. */
  readonly type?: string;
  readonly answer: "json" | "events" | "file";
  /** The field of the response that holds the rows of a list. */
  readonly list?: string;
  /** The list comes in pages. */
  readonly isPaged?: boolean;
  /** The response names a job that does the work. */
  readonly hasJob?: boolean;
  /** The field that identifies a row of the list, or the object. */
  readonly id?: string;
  /** The fields of a row that a table shows. */
  readonly columns?: readonly string[];
};
