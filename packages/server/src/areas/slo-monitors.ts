import type { MonitorInput } from "@treadle/contract";
import { AppError } from "../kernel/errors.ts";
import type { Scope } from "../kernel/scope.ts";
import type { Monitors } from "../modules/observe/monitors/index.ts";
import type { SloMonitors } from "../modules/observe/slos/index.ts";

const NEVER = new AbortController().signal;
const isMissing = (error: unknown) => error instanceof AppError && error.code === "not_found";

/** The monitors that SLOs create. A person can delete one at any time. */
export const monitorsOfSlos = (api: Pick<Monitors, "create" | "update" | "delete">): SloMonitors => ({
  create: async (scope: Scope, input: MonitorInput) => (await api.create(scope, input, NEVER)).monitorId,
  async update(scope, monitorId, input) {
    try {
      await api.update(scope, monitorId, { patch: input, signal: NEVER });
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  },
  async delete(scope, monitorId) {
    await api.delete(scope, monitorId).catch((error) => {
      if (!isMissing(error)) throw error;
    });
  },
});
