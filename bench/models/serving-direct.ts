// The peer of bench/serving.ts: node-llama-cpp called directly, in a separate process. The parent process sends the
// requests.
import { getLlama, LlamaLogLevel } from "node-llama-cpp";
import type { DirectOrder, DirectResult, DirectSetup } from "./serving-direct-process.ts";

const setup = JSON.parse(process.argv[2] ?? "{}") as DirectSetup;
const llama = await getLlama({
  gpu: false,
  build: "never",
  skipDownload: true,
  maxThreads: setup.threads,
  logLevel: LlamaLogLevel.error,
});
const model = await llama.loadModel({ modelPath: setup.path, gpuLayers: 0 });
const context = await model.createContext({
  contextSize: setup.contextTokens,
  sequences: setup.sequences,
  threads: setup.threads,
  batchSize: 512,
});
const sequences = Array.from({ length: setup.sequences }, () => context.getSequence());

/** Greedy, token by token, as text: what anyone who calls the library for an answer must do. */
async function answer(at: number, { prompt, maxTokens }: { prompt: string; maxTokens: number }): Promise<DirectResult> {
  const sequence = sequences[at];
  if (!sequence) throw new Error(`there is no sequence ${at}`);
  await sequence.clearHistory();
  const tokens = model.tokenize(prompt, true);
  const made: ReturnType<typeof model.tokenize> = [];
  let text = "";
  for await (const token of sequence.evaluate(tokens, { temperature: 0, yieldEogToken: true })) {
    if (model.isEogToken(token)) break;
    text += model.detokenize([token], false, made);
    made.push(token);
    if (made.length >= maxTokens) break;
  }
  return { text, promptTokens: tokens.length, tokens: made.length };
}

process.on("message", async ({ prompts, maxTokens }: DirectOrder) => {
  const startedAt = performance.now();
  const results = await Promise.all(prompts.map((prompt, at) => answer(at, { prompt, maxTokens })));
  process.send?.({ seconds: (performance.now() - startedAt) / 1_000, results });
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
