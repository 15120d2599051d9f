import type { ItemShape } from "@treadle/contract";

/** The shapes of rows as people know them. */
export const SHAPE_WORDS = {
  treadle: "Treadle's own",
  "openai-chat": "OpenAI chat",
  "openai-preference": "OpenAI preference",
  sharegpt: "ShareGPT",
  alpaca: "Alpaca",
  "prompt-completion": "Prompt and completion",
  "trl-preference": "TRL preference",
  kto: "TRL KTO",
  langfuse: "Langfuse export",
  langsmith: "LangSmith export",
  table: "Table of columns",
} as const satisfies Record<ItemShape, string>;
