import { lstat, open } from "node:fs/promises";
import type { ModelFormat, RegistryModelFacts, ScanFinding } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Inference } from "../../../../platform/inference/port.ts";
import { badPathIn, type ScannedFile } from "./check-paths.ts";
import { checkShards } from "./check-shards.ts";
import { readConfig } from "./read-config.ts";
import { readOnnx } from "./read-onnx.ts";
import { readSafetensors, type SafetensorsHeader } from "./read-safetensors.ts";
import { isClutter, isTrainerState, refusedContent, refusedName } from "./refuse-file.ts";

export type Engine = Pick<Inference, "inspect" | "inspectAdapter" | "kindOf">;

export type Scan = {
  /** The allowed files. */
  readonly files: readonly ScannedFile[];
  readonly findings: readonly ScanFinding[];
  readonly formats: readonly ModelFormat[];
  readonly facts: RegistryModelFacts;
  /** The base that an adapter's configuration names. It is a hint, never a proof. */
  readonly baseHint: string | null;
  /** The GGUF that is served. */
  readonly gguf: ScannedFile | null;
};

const TEXTS =
  /[.](json|jsonl|txt|md|jinja|yaml|yml|model|tiktoken|spm|vocab|csv|tsv)$|(^|\/)(LICENSE|NOTICE|README|MODEL_CARD|USE_POLICY)[^/]*$/i;
/** The facts about a model without scanned files. */
export const NO_FACTS: RegistryModelFacts = {
  architecture: null,
  parameters: null,
  quantisation: null,
  contextTokens: null,
  rank: null,
  alpha: null,
  license: null,
};

type Found = { formats: ModelFormat[]; facts: RegistryModelFacts; gguf: ScannedFile | null };
type Look = {
  readonly engine: Engine;
  readonly findings: ScanFinding[];
  readonly kept: ScannedFile[];
  readonly found: Found[];
  readonly headers: Map<string, SafetensorsHeader>;
  /** For ONNX models: the separate files that contain their weights. */
  readonly outside: Map<string, readonly string[]>;
};

/**
 * Scans every file before it is stored: by name, by its first bytes, and by its own header. Nothing is unpacked, loaded
 * or run. Throws `unprocessable` for paths outside the folder, and if no file is a model.
 */
export async function scanFiles(engine: Engine, given: readonly ScannedFile[]): Promise<Scan> {
  const bad = badPathIn(given);
  if (bad) throw new AppError("unprocessable", { message: bad });
  const look: Look = { engine, findings: [], kept: [], found: [], headers: new Map(), outside: new Map() };
  for (const file of given) await scanFile(look, file);
  const { findings, kept, headers } = look;
  findings.push(...(await checkShards(kept, headers)));
  findings.push(...checkOutside(kept, look.outside));
  const config = await readConfig(kept);
  findings.push(...config.findings);
  const tensors = weightsOf(headers, config.isAdapter);
  const all = [...look.found, ...tensors];
  return {
    files: kept,
    findings,
    formats: ORDER.filter((format) => all.some(({ formats }) => formats.includes(format))),
    facts: mergeFacts([...all.map(({ facts }) => facts), config.facts]),
    baseHint: config.baseHint,
    gguf: (all.find(({ formats }) => formats.includes("gguf")) ?? all.find(({ gguf }) => gguf !== null))?.gguf ?? null,
  };
}

const ORDER: readonly ModelFormat[] = ["gguf", "gguf-adapter", "safetensors", "adapter", "onnx"];

/** The first value of a fact wins. The others fill missing facts. */
function mergeFacts(all: readonly RegistryModelFacts[]): RegistryModelFacts {
  const merged = { ...NO_FACTS };
  for (const facts of all) {
    for (const [key, value] of Object.entries(facts))
      if (Reflect.get(merged, key) === null) Reflect.set(merged, key, value);
  }
  return merged;
}

async function scanFile(look: Look, file: ScannedFile) {
  const { path } = file;
  const { findings, kept } = look;
  if (isClutter(path)) return;
  if (isTrainerState(path)) {
    findings.push({
      path,
      level: "left out",
      message: "It is the state of a trainer, which is not needed to use the model.",
    });
    return;
  }
  const why = refusedName(path) ?? (await refusedFile(file));
  const outcome = why ?? (await judge(look, file));
  if (outcome !== null) findings.push({ path, level: "refused", message: outcome });
  else kept.push(file);
}

async function refusedFile({ at }: ScannedFile): Promise<string | null> {
  const stats = await lstat(at);
  if (stats.isSymbolicLink()) return "It is a link to another file. Copy the target of the link instead.";
  if (!stats.isFile()) return "It is not a regular file.";
  const file = await open(at, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    return refusedContent(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

/** Null when the file may be stored, otherwise why not. */
async function judge(look: Look, file: ScannedFile): Promise<string | null> {
  try {
    if (/[.]gguf$/i.test(file.path)) return await readGguf(look, file);
    if (/[.]safetensors$/i.test(file.path)) return await readTensors(look, file);
    if (/[.]onnx(_data|[.]data)?$/i.test(file.path)) return await readModel(look, file);
    return TEXTS.test(file.path)
      ? null
      : "This kind of file is not supported. A model is GGUF, safetensors or ONNX, with JSON and text files.";
  } catch (error) {
    if (error instanceof AppError && error.code === "unprocessable") return error.message;
    throw error;
  }
}

async function readGguf({ engine, findings, found }: Look, file: ScannedFile): Promise<null> {
  const { at, path } = file;
  if ((await engine.kindOf(at)) === "adapter") {
    const { architecture, alpha, parameters, targets } = await engine.inspectAdapter(at);
    findings.push({
      path,
      level: "checked",
      message: `A LoRA adapter over ${targets} tensors of a ${architecture} model.`,
    });
    found.push({ formats: ["gguf-adapter"], facts: { ...NO_FACTS, architecture, alpha, parameters }, gguf: file });
    return null;
  }
  const facts = await engine.inspect(at);
  const { architecture, parameters, quantisation, trainedTokens: contextTokens, license } = facts;
  findings.push({ path, level: "checked", message: `A ${architecture} model, ${quantisation}.` });
  found.push({
    formats: ["gguf"],
    facts: { ...NO_FACTS, architecture, parameters, quantisation, contextTokens, license: license || null },
    gguf: file,
  });
  return null;
}

async function readTensors({ headers, findings }: Look, { at, path }: ScannedFile): Promise<null> {
  const header = await readSafetensors(at);
  headers.set(path, header);
  findings.push({ path, level: "checked", message: `${header.names.length} tensors, ${header.mainType}.` });
  return null;
}

async function readModel({ findings, found, outside }: Look, { at, path }: ScannedFile): Promise<null> {
  // External weights of a model are numbers without a header. The model names their files.
  if (!/[.]onnx$/i.test(path)) return null;
  const { irVersion, producer, nodes, weights, external } = await readOnnx(at, path);
  outside.set(path, external);
  const from = producer === "" ? "" : ` from ${producer.slice(0, 60)}`;
  findings.push({
    path,
    level: "checked",
    message: `An ONNX model${from} (format ${irVersion}): ${nodes} operators, ${weights} weights, no extra libraries needed.`,
  });
  found.push({ formats: ["onnx"], facts: NO_FACTS, gguf: null });
  return null;
}

/** External weights that are missing. */
function checkOutside(kept: readonly ScannedFile[], outside: ReadonlyMap<string, readonly string[]>): ScanFinding[] {
  const there = new Set(kept.map(({ path }) => path));
  return [...outside].flatMap(([path, places]) =>
    places
      .filter((place) => !there.has(place))
      .map((place) => ({
        path,
        level: "refused" as const,
        message: `Its weights are in ${place}, which is missing.`,
      })),
  );
}

/** Weights of all shards together. LoRA names identify an adapter, also without its configuration. */
function weightsOf(headers: ReadonlyMap<string, SafetensorsHeader>, isAdapter: boolean): Found[] {
  const all = [...headers.entries()];
  const isLora = ({ names }: SafetensorsHeader) => names.some((name) => /lora_[AB][.]/.test(name));
  const adapters = all.filter(([path, header]) => isLora(header) || (isAdapter && /adapter_model/.test(path)));
  const models = all.filter((one) => !adapters.includes(one));
  const toFound = (list: typeof all, format: ModelFormat): Found[] => {
    const [first] = list;
    if (!first) return [];
    const parameters = list.reduce((sum, [, { weights }]) => sum + weights, 0);
    return [{ formats: [format], facts: { ...NO_FACTS, parameters, quantisation: first[1].mainType }, gguf: null }];
  };
  return [...toFound(models, "safetensors"), ...toFound(adapters, "adapter")];
}
