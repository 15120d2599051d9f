/**
 * Runs `next` after a mutation has succeeded, even if its component has gone by then: a closed menu, or a row that the
 * change has removed. A callback of `mutate` does not run in that case. The mutation itself reports a failure, so the
 * promise never rejects.
 */
export const whenDone = <Output>(sent: Promise<Output>, next: (output: Output) => void): Promise<void> =>
  sent.then(next, () => undefined);
