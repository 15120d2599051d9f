type Pool<Task> = {
  readonly tasks: AsyncGenerator<Task, void, void>;
  /** How many run at once. */
  readonly width: number;
  readonly signal: AbortSignal;
  /** Gives false to begin no further task. The signal is aborted too when another task fails. */
  run(task: Task, signal: AbortSignal): Promise<boolean>;
  /** Once all tasks have ended, whatever became of them. */
  close(): Promise<void>;
};

/** Runs tasks side by side. The first that fails ends all of them, and its error is thrown. */
export async function runPool<Task>({ tasks, width, signal: outer, run, close }: Pool<Task>): Promise<void> {
  const failed = new AbortController();
  const signal = AbortSignal.any([outer, failed.signal]);
  let isOver = false;
  async function work(): Promise<void> {
    while (!isOver) {
      const next = await tasks.next();
      signal.throwIfAborted();
      if (next.done || isOver) return;
      try {
        if (!(await run(next.value, signal))) isOver = true;
      } catch (error) {
        failed.abort(error);
        throw error;
      }
    }
  }
  await Promise.allSettled(Array.from({ length: width }, work));
  await close();
  await tasks.return();
  outer.throwIfAborted();
  if (failed.signal.aborted) throw failed.signal.reason;
}
