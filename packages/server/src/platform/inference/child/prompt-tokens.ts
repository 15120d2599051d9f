import type { LlamaModel, Token } from "node-llama-cpp";
import { AppError } from "../../../kernel/errors.ts";
import type { InferenceMessage, InferenceTool } from "../port.ts";
import type { Prompt } from "../protocol.ts";
import { type ChatTemplate, createChatTemplate } from "./chat-template.ts";
import type { Vocabulary } from "./vocabulary.ts";

type Tokenizing = { readonly model: LlamaModel; readonly vocabulary: Vocabulary; readonly systemPrompt: string | null };

/** Turns prompts into tokens. In a conversation, control tokens come from the template alone: typed by a person they are plain text. */
export function createPromptTokens({ model, vocabulary, systemPrompt }: Tokenizing) {
  const template = templateOf(model, systemPrompt);
  const guard = createGuard(vocabulary.controlTexts);

  return {
    marks: template?.marks ?? { start: "", end: "" },
    /** `opening` is text the answer is made to begin with. */
    tokenize(prompt: Prompt, tools: readonly InferenceTool[], opening = ""): Token[] {
      if ("text" in prompt) return withBeginning(model, model.tokenize(prompt.text, true));
      if (!template) {
        throw new AppError("invalid_request", {
          message:
            "This model has no chat template, so it does not support conversations. Send a plain prompt to /v1/completions.",
        });
      }
      const text = template.render(prompt.messages.map(guard.message), tools.map(guard.tool)) + opening;
      return withBeginning(model, guardedTokens(model, guard.split(text)));
    },
  };
}
export type PromptTokens = ReturnType<typeof createPromptTokens>;

function templateOf(model: LlamaModel, systemPrompt: string | null): ChatTemplate | null {
  const text = model.fileInfo.metadata.tokenizer.chat_template;
  if (typeof text !== "string" || text === "") return null;
  return createChatTemplate({
    text,
    bos: model.tokens.bosString ?? "",
    eos: model.tokens.eosString ?? "",
    systemPrompt,
  });
}

function withBeginning(model: LlamaModel, tokens: Token[]): Token[] {
  const { bos, shouldPrependBosToken } = model.tokens;
  return shouldPrependBosToken && bos !== null && tokens[0] !== bos ? [bos, ...tokens] : tokens;
}

type Part = { readonly text: string; readonly isPlain: boolean };

function guardedTokens(model: LlamaModel, parts: readonly Part[]): Token[] {
  return parts.flatMap((part, index) =>
    model.tokenize(part.text, !part.isPlain, index === 0 ? undefined : "trimLeadingSpace"),
  );
}

const OPEN = "\uE000";
const CLOSE = "\uE001";

/** Replaces control texts in a person's words by private characters while the template is filled in, and finds them again after. */
export function createGuard(controlTexts: readonly string[]) {
  const texts = controlTexts.toSorted((a, b) => b.length - a.length);
  const pattern =
    texts.length === 0
      ? null
      : new RegExp(texts.map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)).join("|"), "g");
  const hide = (text: string) =>
    pattern ? text.replace(pattern, (found) => `${OPEN}${texts.indexOf(found)}${CLOSE}`) : text;

  return {
    message: (message: InferenceMessage): InferenceMessage =>
      message.role === "assistant" && message.toolCalls
        ? {
            ...message,
            text: hide(message.text),
            toolCalls: message.toolCalls.map((call) => ({
              ...call,
              name: hide(call.name),
              arguments: hide(call.arguments),
            })),
          }
        : { ...message, text: hide(message.text) },
    tool: (tool: InferenceTool): InferenceTool => {
      const hidden: unknown = JSON.parse(hide(JSON.stringify(tool.parameters)));
      const parameters = typeof hidden === "object" && hidden !== null ? hidden : {};
      return { name: hide(tool.name), description: hide(tool.description), parameters };
    },
    split(text: string): Part[] {
      const parts = text.split(/\uE000(\d+)\uE001/);
      const plain = (part: string) => texts[Number(part)] ?? "";
      return parts
        .map((part, index) => (index % 2 === 1 ? { text: plain(part), isPlain: true } : { text: part, isPlain: false }))
        .filter((part) => part.text !== "");
    },
  };
}
