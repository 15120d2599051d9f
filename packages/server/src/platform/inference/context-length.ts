import { AppError } from "../../kernel/errors.ts";

/** Clients recognise this code and raise their own class of error. */
const CODE = "context_length_exceeded";

type Prompt = {
  readonly modelId: string;
  readonly promptTokens: number;
  readonly contextTokens: number;
  /** The field of the request that is too long. */
  readonly param: "messages" | "prompt";
};

/** `invalid_request` in OpenAI's words, which clients recognise: *This model's maximum context length is*. */
export const promptTooLong = ({ modelId, promptTokens, contextTokens, param }: Prompt): AppError =>
  new AppError("invalid_request", {
    message: `This model's maximum context length is ${contextTokens} tokens, but the prompt has ${promptTokens} tokens. The context of "${modelId}" holds both the prompt and the response. Shorten the prompt.`,
    details: { promptTokens, contextTokens, param, code: CODE },
  });

type TooLong = { readonly param: "text" | "input"; readonly message: string; readonly facts?: object };

/** The same code for a text that is embedded or measured. */
export const textTooLong = ({ param, message, facts }: TooLong): AppError =>
  new AppError("invalid_request", { message, details: { ...facts, param, code: CODE } });
