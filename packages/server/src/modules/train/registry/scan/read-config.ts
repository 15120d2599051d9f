import { readFile } from "node:fs/promises";
import type { RegistryModelFacts, ScanFinding } from "@treadle/contract";
import { z } from "zod";
import type { ScannedFile } from "./check-paths.ts";
import { readLicense } from "./read-license.ts";

const MAX_BYTES = 4 * 1024 * 1024;

const Config = z.looseObject({
  model_type: z.string().optional().catch(undefined),
  max_position_embeddings: z.number().optional().catch(undefined),
  auto_map: z.unknown().optional(),
});
const AdapterConfig = z.looseObject({
  base_model_name_or_path: z.string().nullish().catch(null),
  r: z.number().optional().catch(undefined),
  lora_alpha: z.number().optional().catch(undefined),
  peft_type: z.string().optional().catch(undefined),
});

type Read = {
  readonly facts: RegistryModelFacts;
  readonly findings: readonly ScanFinding[];
  readonly isAdapter: boolean;
  readonly baseHint: string | null;
};

/**
 * The metadata of a model or adapter in Hugging Face configurations and the card. Only read, never trusted over a
 * header.
 */
export async function readConfig(files: readonly ScannedFile[]): Promise<Read> {
  const findings: ScanFinding[] = [];
  const config = await find(files, "config.json", findings);
  const adapter = await find(files, "adapter_config.json", findings);
  const model = Config.safeParse(config).data;
  const lora = AdapterConfig.safeParse(adapter).data;
  if (model?.auto_map !== undefined)
    findings.push({
      path: "config.json",
      level: "warning",
      message:
        "It refers to its own code (auto_map), which is not stored or run here. The model may not load without it.",
    });
  return {
    facts: {
      architecture: model?.model_type ?? null,
      parameters: null,
      quantisation: null,
      contextTokens: model?.max_position_embeddings ?? null,
      rank: lora?.r ?? null,
      alpha: lora?.lora_alpha ?? null,
      license: await readLicense(files),
    },
    findings,
    isAdapter: lora !== undefined,
    baseHint: lora?.base_model_name_or_path ?? null,
  };
}

async function find(files: readonly ScannedFile[], name: string, findings: ScanFinding[]): Promise<unknown> {
  const file = files.find(({ path }) => path === name || path.endsWith(`/${name}`));
  if (!file || file.sizeBytes > MAX_BYTES) return undefined;
  try {
    return JSON.parse(await readFile(file.at, "utf8"));
  } catch {
    findings.push({ path: file.path, level: "warning", message: "It is not valid JSON, so it was ignored." });
    return undefined;
  }
}
