import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../../kernel/errors.ts";
import type { TrainingDeps } from "../stores/deps.ts";

type Where = Pick<TrainingDeps, "trainerFolder" | "pythonPath" | "onnxPythonPath">;

/** The purpose of the packages: training, or ONNX export, whose exporter needs older ones. */
export type Environment = "training" | "onnx";

const ENVIRONMENTS = {
  training: {
    folder: "venv",
    mark: "installed.json",
    setting: "TREADLE_TRAINER_PYTHON",
    command: "treadle trainer install",
    missing:
      "The trainer is not installed on this machine. Run `treadle trainer install`, or install it on the Training page.",
    code: "trainer_missing",
  },
  onnx: {
    folder: "venv-onnx",
    mark: "installed-onnx.json",
    setting: "TREADLE_ONNX_PYTHON",
    command: "treadle trainer install --onnx",
    missing: "ONNX support is not installed on this machine. Run `treadle trainer install --onnx`.",
    code: "onnx_missing",
  },
} as const;

/** How a person names and installs it. */
export const wordsOf = (environment: Environment) => ENVIRONMENTS[environment];
/** Where an installation puts its environment. */
export const environmentOf = ({ trainerFolder }: Where, environment: Environment = "training"): string =>
  join(trainerFolder, ENVIRONMENTS[environment].folder);
/** Written when an installation has come to its end, so that half of one is not used. */
export const markOf = ({ trainerFolder }: Where, environment: Environment = "training"): string =>
  join(trainerFolder, ENVIRONMENTS[environment].mark);
/** The Python from the settings. Null if none is set. */
export const namedPython = (where: Where, environment: Environment): string | null =>
  environment === "training" ? where.pythonPath : (where.onnxPythonPath ?? null);

export const isThere = (path: string, mode = constants.F_OK): Promise<boolean> =>
  access(path, mode).then(
    () => true,
    () => false,
  );

/** The Python with the packages. Null if there is none. */
export async function findPython(where: Where, environment: Environment = "training"): Promise<string | null> {
  const named = namedPython(where, environment);
  if (named !== null) return (await isThere(named, constants.X_OK)) ? named : null;
  const python = join(environmentOf(where, environment), "bin", "python");
  return (await isThere(markOf(where, environment))) && (await isThere(python, constants.X_OK)) ? python : null;
}

/** Throws `unprocessable` with the installation command. */
export async function requirePython(where: Where, environment: Environment = "training"): Promise<string> {
  const python = await findPython(where, environment);
  if (python !== null) return python;
  const { code } = ENVIRONMENTS[environment];
  throw new AppError("unprocessable", { message: missing(where, environment), details: { code } });
}

export function missing(where: Where, environment: Environment = "training"): string {
  const named = namedPython(where, environment);
  const { setting, command, missing: words } = ENVIRONMENTS[environment];
  return named === null
    ? words
    : `${setting} is ${named}, but there is no program that can be run. Correct it, or unset it and run \`${command}\`.`;
}
