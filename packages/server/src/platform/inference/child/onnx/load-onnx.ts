import { AppError } from "../../../../kernel/errors.ts";
import type { OnnxOrder, Prompt } from "../../protocol.ts";
import { type ChatTemplate, createChatTemplate } from "../chat-template.ts";
import { createGuard } from "../prompt-tokens.ts";
import { loadLibrary, type OnnxLibrary, type OnnxModel, type OnnxTokenizer } from "./library.ts";

/** A chat model that ONNX runs. */
export type LoadedOnnx = {
  readonly kind: "onnx";
  readonly modelId: string;
  readonly library: Pick<OnnxLibrary, "Tensor">;
  readonly model: OnnxModel;
  readonly tokenizer: OnnxTokenizer;
  readonly contextTokens: number;
  readonly temperature: number | null;
  /** Tokens that end an answer. */
  readonly ends: ReadonlySet<number>;
  tokenize(prompt: Prompt): number[];
  count(prompt: Prompt): Promise<number>;
  dispose(): Promise<void>;
};

export async function loadOnnx(order: OnnxOrder): Promise<LoadedOnnx> {
  const library = loadLibrary(order.library);
  const tokenizer = await library.AutoTokenizer.from_pretrained(order.path, { local_files_only: true });
  const model = await library.AutoModelForCausalLM.from_pretrained(order.path, {
    local_files_only: true,
    device: "cpu",
    dtype: order.weights,
    use_external_data_format: order.hasDataBeside,
    session_options: { intraOpNumThreads: order.threads, interOpNumThreads: 1 },
  });
  const ended = model.generation_config?.eos_token_id ?? null;
  const tokenize = createTokenizing(tokenizer);
  return {
    kind: "onnx",
    modelId: order.modelId,
    library,
    model,
    tokenizer,
    tokenize,
    contextTokens: order.contextTokens,
    temperature: null,
    ends: new Set(typeof ended === "number" ? [ended] : (ended ?? [])),
    count: async (prompt) => tokenize(prompt).length,
    async dispose() {
      await model.dispose();
    },
  };
}

/** In a conversation, control tokens come from the template alone: typed by a person they are plain text. */
function createTokenizing(tokenizer: OnnxTokenizer) {
  const template = templateOf(tokenizer);
  const guard = createGuard(tokenizer.all_special_tokens);
  const encode = (text: string) => tokenizer.encode(text, { add_special_tokens: false });
  return (prompt: Prompt): number[] => {
    if ("text" in prompt) return tokenizer.encode(prompt.text, { add_special_tokens: true });
    if (!template)
      throw new AppError("invalid_request", {
        message:
          "This model has no chat template, so it does not support conversations. Send a plain prompt to /v1/completions.",
      });
    const parts = guard.split(template.render(prompt.messages.map(guard.message), []));
    // Split in two, the text of a control token is not a control token.
    return parts.flatMap(({ text, isPlain }) =>
      isPlain ? [...encode(text.slice(0, 1)), ...encode(text.slice(1))] : encode(text),
    );
  };
}

function templateOf({ chat_template: text, bos_token, eos_token }: OnnxTokenizer): ChatTemplate | null {
  if (typeof text !== "string" || text === "") return null;
  return createChatTemplate({ text, bos: bos_token ?? "", eos: eos_token ?? "", systemPrompt: null });
}
