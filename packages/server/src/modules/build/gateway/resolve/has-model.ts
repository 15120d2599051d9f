import { AppError } from "../../../../kernel/errors.ts";
import type { ModelResolver } from "./resolve-model.ts";

/** Whether a project has an endpoint or a model of a name, even if it cannot answer now. */
export const createHasModel =
  ({ plan }: Pick<ModelResolver, "plan">) =>
  async (projectId: string, name: string): Promise<boolean> => {
    try {
      await plan(projectId, name);
      return true;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return error.code !== "not_found";
    }
  };
