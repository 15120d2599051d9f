import { alpaca } from "./alpaca.ts";
import { kto } from "./kto.ts";
import { langfuse } from "./langfuse.ts";
import { langsmith } from "./langsmith.ts";
import { mlflow } from "./mlflow.ts";
import { openaiChat } from "./openai-chat.ts";
import { openaiCompletion } from "./openai-completion.ts";
import { openaiPreference } from "./openai-preference.ts";
import { promptCompletion } from "./prompt-completion.ts";
import type { Shape } from "./shape.ts";
import { sharegpt } from "./sharegpt.ts";
import { table } from "./table.ts";
import { treadle } from "./treadle.ts";
import { trlPreference } from "./trl-preference.ts";

/** Shapes with the most required fields first. Every row is a table. */
const chats = [openaiCompletion, openaiChat, sharegpt, alpaca, kto, promptCompletion];
export const SHAPES: readonly Shape[] = [
  treadle,
  mlflow,
  langsmith,
  langfuse,
  openaiPreference,
  trlPreference,
  ...chats,
  table,
];
