import { BUCKETS } from "./hash.ts";

/** A logistic function of a raw score. */
export type Calibration = { readonly slope: number; readonly offset: number };

/** A linear model of hashed n-grams and dense features, and how its raw scores become probabilities. */
export type Model = {
  /** One whole number from −127 to 127 for each bucket, to be multiplied by `scale`. */
  readonly weights: Int8Array | Float32Array;
  readonly scale: number;
  readonly bias: number;
  readonly dense: Float32Array;
  readonly prompts: Calibration;
  readonly windows: Calibration;
  /** The published threshold: at most 1 % of the ordinary prompts that it was chosen on reach it. */
  readonly threshold: number;
};

const MAGIC = "TRDLINJ1";
type Header = Omit<Model, "weights" | "dense"> & { readonly dense: readonly number[] };

/** The file of a model: 8 letters, the length of the header, the header in JSON, and one signed byte for each bucket. */
export function encodeModel({ weights, dense, ...rest }: Model): Uint8Array {
  const header = Buffer.from(JSON.stringify({ ...rest, dense: [...dense] } satisfies Header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  const bytes = new Uint8Array(Int8Array.from(weights).buffer);
  return Buffer.concat([Buffer.from(MAGIC), length, header, bytes]);
}

/** Reads the file of a model. A file that is cut or of another kind is an error that says so. */
export function decodeModel(file: Uint8Array): Model {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length < 12 || bytes.toString("latin1", 0, 8) !== MAGIC)
    throw new Error(`The file of the injection model does not begin with ${MAGIC}. Restore it or train it again.`);
  const start = 12 + bytes.readUInt32LE(8);
  if (bytes.length !== start + BUCKETS)
    throw new Error(
      `The file of the injection model has ${bytes.length} bytes instead of ${start + BUCKETS}. Restore it or train it again.`,
    );
  const header: Header = JSON.parse(bytes.toString("utf8", 12, start));
  return {
    ...header,
    dense: Float32Array.from(header.dense),
    weights: new Int8Array(bytes.subarray(start)),
  };
}
