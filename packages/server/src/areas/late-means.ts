import { BUILTIN } from "../modules/build/models/index.ts";
import type { Stores } from "../stores.ts";

/** What detectors ask on this machine and outside of it. */
export const lateMeansOf = ({
  inference,
  outbound,
  guardSandbox,
}: Pick<Stores, "inference" | "outbound" | "guardSandbox">) => ({
  outbound,
  runCode: guardSandbox.run,
  embed: async (caller: string, texts: readonly string[], signal: AbortSignal) =>
    (await inference.embed({ modelId: BUILTIN.id, texts, caller }, signal)).vectors,
});
