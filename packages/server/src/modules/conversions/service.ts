import { GGUF_TYPES, ModelConversionInput } from "@treadle/contract";
import { z } from "zod";
import { AppError } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { JobKind } from "../../platform/jobs/port.ts";
import type { ConversionDeps } from "./deps.ts";
import { createConverting } from "./run-conversion.ts";

const Payload = ModelConversionInput.extend({ name: z.string(), version: z.string() });
const CONVERT: JobKind<z.output<typeof Payload>, null> = {
  name: "model-conversion",
  payload: Payload,
  state: z.null(),
};
type Place = { readonly name: string; readonly version: string };

/** Makes other formats of registered versions, as jobs. */
export function createModelConversions(deps: ConversionDeps) {
  const { db, jobs, registry } = deps;
  const convert = createConverting(deps);
  jobs.register(CONVERT, {
    concurrency: 1,
    maxTries: 2,
    run: ({ scope, payload: { name, version, ...wish }, ...run }) =>
      convert(scope, { name, version }, { wish, ...run }),
  });

  return {
    /** Refuses what can be seen to be wrong at once. */
    async start(scope: Scope, place: Place, input: ModelConversionInput): Promise<{ jobId: string }> {
      const wish = { ...input, quantization: input.format === "gguf" ? knownType(input.quantization) : "" };
      const { name, number, put } = await registry.sourceOf(scope, place);
      if (wish.format === "safetensors" && put?.kind === "model")
        throw new AppError("unprocessable", {
          message: `${name}@v${number} is safetensors already: \`treadle model pull ${name}@v${number}\` downloads it.`,
        });
      const what = wish.format === "gguf" ? `GGUF ${wish.quantization}` : wish.format;
      const order = {
        kind: CONVERT,
        payload: { ...wish, name, version: String(number) },
        title: `Write ${name}@v${number} as ${what}`,
        ...{ subject: name, key: `${name}@${number} ${what}` },
      };
      return { jobId: await db.transaction((tx) => jobs.send(tx, scope, order)) };
    },
  };
}
export type ModelConversions = ReturnType<typeof createModelConversions>;

/** Throws `unprocessable` for a type that nobody here can write, with what can. */
function knownType(text: string): string {
  if (GGUF_TYPES.some((type) => type === text)) return text;
  const isOfLlama = /^(I?Q\d|TQ\d)/.test(text);
  const other = isOfLlama
    ? ` k-quants and I-quants are made by llama.cpp's own program: export F16 and run \`llama-quantize model-F16.gguf model-${text}.gguf ${text}\`, then import that.`
    : "";
  throw new AppError("unprocessable", {
    message: `A GGUF of the type "${text}" cannot be written here. Take one of ${GGUF_TYPES.join(", ")}.${other}`,
    details: { param: "quantization" },
  });
}
