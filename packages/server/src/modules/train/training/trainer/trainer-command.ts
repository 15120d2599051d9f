import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LaunchCommand } from "../../../../platform/launch/port.ts";

/** The package that trains, which comes with the program. */
const PACKAGE = fileURLToPath(new URL("../../../../../../trainer/", import.meta.url));
const SOURCE = join(PACKAGE, "src");

export { SOURCE as TRAINER_SOURCE };
export const REQUIREMENTS = {
  training: join(PACKAGE, "requirements.txt"),
  onnx: join(PACKAGE, "requirements-onnx.txt"),
};

const SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

type Order = {
  readonly python: string;
  readonly words: readonly string[];
  /** Where libraries may keep what they keep. */
  readonly folder: string;
  readonly threads: number;
  /** The priority as a `nice` value. The trainer's default if omitted, as on a cluster. */
  readonly nice?: number;
  /** Where the package lies, when that is not where it came with the program. */
  readonly source?: string;
};

/** A trainer command: without network, telemetry and the server's environment. */
export const trainerCommand = ({ python, words, folder, threads, nice, source = SOURCE }: Order): LaunchCommand => ({
  command: [python, "-m", "treadle_trainer", ...words],
  environment: {
    PATH: SYSTEM_PATH,
    PYTHONPATH: source,
    PYTHONUTF8: "1",
    PYTHONUNBUFFERED: "1",
    PYTHONDONTWRITEBYTECODE: "1",
    HOME: folder,
    HF_HOME: join(folder, "hf"),
    HF_HUB_OFFLINE: "1",
    HF_DATASETS_OFFLINE: "1",
    HF_HUB_DISABLE_TELEMETRY: "1",
    TOKENIZERS_PARALLELISM: "false",
    OMP_NUM_THREADS: String(threads),
    ...(nice !== undefined && { TREADLE_TRAINING_NICE: String(nice) }),
  },
});
