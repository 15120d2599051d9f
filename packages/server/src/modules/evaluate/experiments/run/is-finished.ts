/** Whether a job's result shows that it did not end early. */
export const isFinished = (result: unknown): boolean =>
  typeof result === "object" && result !== null && "stopped" in result && result.stopped === "finished";
