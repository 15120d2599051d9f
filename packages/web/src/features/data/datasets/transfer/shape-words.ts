import type { ItemShape } from "@treadle/contract";

/** The names of the row formats. */
export const SHAPE_WORDS = {
  treadle: "Treadle",
  "openai-chat": "OpenAI chat",
  "openai-completion": "OpenAI stored completion",
  "openai-preference": "OpenAI preference",
  sharegpt: "ShareGPT",
  alpaca: "Alpaca",
  "prompt-completion": "Prompt and completion",
  "trl-preference": "TRL preference",
  kto: "TRL KTO",
  langfuse: "Langfuse export",
  langsmith: "LangSmith export",
  mlflow: "MLflow dataset",
  table: "Table",
} as const satisfies Record<ItemShape, string>;
