import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../kernel/errors.ts";
import type { TrainingDeps } from "../deps.ts";

type Where = Pick<TrainingDeps, "trainerFolder" | "pythonPath">;

/** Where an installation puts its environment. */
export const environmentOf = ({ trainerFolder }: Where): string => join(trainerFolder, "venv");
/** Written when an installation has come to its end, so that half of one is not used. */
export const markOf = ({ trainerFolder }: Where): string => join(trainerFolder, "installed.json");

export const isThere = (path: string, mode = constants.F_OK): Promise<boolean> =>
  access(path, mode).then(
    () => true,
    () => false,
  );

/** The Python that trains; null while there is none. */
export async function findPython(where: Where): Promise<string | null> {
  if (where.pythonPath !== null) return (await isThere(where.pythonPath, constants.X_OK)) ? where.pythonPath : null;
  const python = join(environmentOf(where), "bin", "python");
  return (await isThere(markOf(where))) && (await isThere(python, constants.X_OK)) ? python : null;
}

/** Throws `unprocessable` that says how the trainer is installed. */
export async function requirePython(where: Where): Promise<string> {
  const python = await findPython(where);
  if (python !== null) return python;
  throw new AppError("unprocessable", { message: missing(where), details: { code: "trainer_missing" } });
}

export const missing = ({ pythonPath }: Where): string =>
  pythonPath === null
    ? "The trainer is not installed on this machine. Run `treadle trainer install`, or install it on the Training page."
    : `TREADLE_TRAINER_PYTHON names ${pythonPath}, where no program is that can be run. Correct it, or unset it and run \`treadle trainer install\`.`;
