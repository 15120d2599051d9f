import { GGUF_TYPES, ModelConversionInput } from "@treadle/contract";
import { z } from "zod";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { JobKind } from "../../../platform/jobs/port.ts";
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
  const { db, jobs, registry, trainer } = deps;
  const convert = createConverting(deps);
  jobs.register(CONVERT, {
    concurrency: 1,
    maxTries: 2,
    run: ({ scope, payload: { name, version, ...wish }, ...run }) =>
      convert(scope, { name, version }, { wish, ...run }),
  });

  return {
    /** Rejects requests that are invalid by themselves, and ONNX export without its packages. */
    async start(scope: Scope, place: Place, input: ModelConversionInput): Promise<{ jobId: string }> {
      const wish = { ...input, quantization: input.format === "gguf" ? knownType(input.quantization) : "" };
      const { name, number, put } = await registry.sourceOf(scope, place);
      if (wish.format === "onnx") await trainer.require("onnx");
      if (wish.format === "safetensors" && put?.kind === "model")
        throw new AppError("unprocessable", {
          message: `${name}@v${number} is already safetensors. Download it with \`treadle model pull ${name}@v${number}\`.`,
        });
      const what = wish.format === "gguf" ? `GGUF ${wish.quantization}` : wish.format;
      const order = {
        kind: CONVERT,
        payload: { ...wish, name, version: String(number) },
        title: `Convert ${name}@v${number} to ${what}`,
        subject: name,
        key: `${name}@${number} ${what}`,
      };
      return { jobId: await db.transaction((tx) => jobs.send(tx, scope, order)) };
    },
  };
}
export type ModelConversions = ReturnType<typeof createModelConversions>;

/** Throws `unprocessable` for a type that this machine cannot write, with the available types. */
function knownType(text: string): string {
  if (GGUF_TYPES.some((type) => type === text)) return text;
  const isOfLlama = /^(I?Q\d|TQ\d)/.test(text);
  const other = isOfLlama
    ? ` llama.cpp makes k-quants and I-quants with its own program: export F16, run \`llama-quantize model-F16.gguf model-${text}.gguf ${text}\`, then import the result.`
    : "";
  throw new AppError("unprocessable", {
    message: `Treadle cannot write a GGUF of the type "${text}". Available types: ${GGUF_TYPES.join(", ")}.${other}`,
    details: { param: "quantization" },
  });
}
