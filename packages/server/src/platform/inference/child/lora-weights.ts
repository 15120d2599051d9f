import { resolve } from "node:path";
import type { LlamaContext, LlamaModel } from "node-llama-cpp";
import { AppError } from "../../../kernel/errors.ts";

/** The weights of an adapter in memory, with how strongly they count. */
export type Lora = { readonly weights: Weights; readonly scale: number };
type Weights = { usages: number; dispose(): Promise<void> };

// The library sets adapters only when a context is created. The private function exists in the pinned version. A check
// before each use reports its absence in another version, and `adapters.test.ts` fails.
type LoadingModel = {
  readonly _getOrLoadLora: (path: string) => Promise<Weights>;
  readonly _loraAdapters: Map<string, Weights>;
};
type SettingContext = { readonly _ctx: { setLoras(weights: readonly Weights[], scales: readonly number[]): void } };

const canLoad = (model: object): model is LoadingModel => "_getOrLoadLora" in model && "_loraAdapters" in model;
const canSet = (context: object): context is SettingContext => "_ctx" in context;
const unable = () =>
  new AppError("internal", { cause: new Error("this version of node-llama-cpp cannot set adapters") });

/** Loads an adapter's weights next to a model's. The same file is loaded once. */
export async function loadLora(model: LlamaModel, { path, scale }: { path: string; scale: number }): Promise<Lora> {
  const loader: object = model;
  if (!canLoad(loader)) throw unable();
  const weights = await loader._getOrLoadLora(path);
  weights.usages++;
  return { weights, scale };
}

/** Frees the weights with their last user. No context may have them set. */
export async function freeLora(model: LlamaModel, { weights }: Lora, path: string): Promise<void> {
  const loader: object = model;
  if (!canLoad(loader)) throw unable();
  weights.usages--;
  if (weights.usages > 0) return;
  loader._loraAdapters.delete(resolve(path));
  await weights.dispose();
}

/** From the next token on the context answers with these weights over the model's, and no others. */
export function setLoras(context: LlamaContext, loras: readonly Lora[]): void {
  const setter: object = context;
  if (!canSet(setter)) throw unable();
  setter._ctx.setLoras(
    loras.map(({ weights }) => weights),
    loras.map(({ scale }) => scale),
  );
}
