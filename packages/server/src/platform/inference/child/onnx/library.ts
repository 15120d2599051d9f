import { createRequire } from "node:module";
import { AppError } from "../../../../kernel/errors.ts";
import { messageOf } from "../../../../kernel/message-of.ts";

/** The used part of transformers.js. It is optional, so its types are not available. */
export type OnnxTokenizer = {
  readonly all_special_tokens: readonly string[];
  readonly bos_token?: string | null;
  readonly eos_token?: string | null;
  readonly chat_template?: unknown;
  encode(text: string, options: { add_special_tokens: boolean }): number[];
  decode(
    ids: readonly number[],
    options: { skip_special_tokens: boolean; clean_up_tokenization_spaces: boolean },
  ): string;
};
type Tensor = { readonly data: Float32Array; readonly dims: readonly number[] };
export type OnnxModel = {
  readonly generation_config?: { readonly eos_token_id?: number | readonly number[] | null } | null;
  generate(options: {
    readonly input_ids: object;
    readonly attention_mask: object;
    readonly max_new_tokens: number;
    readonly do_sample: boolean;
    /** Change the numbers of the next token in place. */
    readonly logits_processor: readonly ((ids: unknown, logits: Tensor) => Tensor)[];
    readonly stopping_criteria: readonly ((ids: unknown) => boolean[])[];
    readonly streamer: { put(ids: readonly (readonly bigint[])[]): void; end(): void };
  }): Promise<unknown>;
  dispose(): Promise<unknown>;
};
export type OnnxLibrary = {
  readonly env: { allowRemoteModels: boolean; allowLocalModels: boolean; useFSCache: boolean };
  readonly Tensor: new (type: "int64", data: BigInt64Array, dims: readonly number[]) => object;
  readonly AutoTokenizer: { from_pretrained(folder: string, options: object): Promise<OnnxTokenizer> };
  readonly AutoModelForCausalLM: { from_pretrained(folder: string, options: object): Promise<OnnxModel> };
};

/** Loads the library from its file. It may reach no network from here on. Throws `unprocessable` where it cannot be loaded. */
export function loadLibrary(path: string): OnnxLibrary {
  const library = tryLoad(path);
  if (!isLibrary(library))
    throw new AppError("unprocessable", {
      message: `${path} is not a supported version of transformers.js. Install it again.`,
    });
  library.env.allowRemoteModels = false;
  library.env.allowLocalModels = true;
  library.env.useFSCache = false;
  return library;
}

function tryLoad(path: string): unknown {
  try {
    return createRequire(path)(path);
  } catch (cause) {
    const why = messageOf(cause);
    throw new AppError("unprocessable", { message: `transformers.js cannot be loaded from ${path}: ${why}`, cause });
  }
}

const has = (value: object, name: string, kind: "function" | "object") =>
  typeof Reflect.get(value, name) === kind && Reflect.get(value, name) !== null;

const isLibrary = (found: unknown): found is OnnxLibrary =>
  typeof found === "object" &&
  found !== null &&
  has(found, "env", "object") &&
  ["Tensor", "AutoTokenizer", "AutoModelForCausalLM"].every((name) => has(found, name, "function"));
