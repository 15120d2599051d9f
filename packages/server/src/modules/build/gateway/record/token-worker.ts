import { parentPort } from "node:worker_threads";
import { estimateMessageTokens } from "../formats/messages/estimate-tokens.ts";

export type TokenQuestion = { readonly id: number; readonly request: Parameters<typeof estimateMessageTokens>[0] };
export type TokenAnswer = { readonly id: number; readonly tokens: number };

parentPort?.on("message", async ({ id, request }: TokenQuestion) => {
  const answer: TokenAnswer = { id, tokens: await estimateMessageTokens(request) };
  parentPort?.postMessage(answer);
});
