/** Moves to the first field that stops a form from being saved, once it is marked. */
export const focusProblem = () =>
  void setTimeout(() => document.querySelector<HTMLElement>('#content [aria-invalid="true"]')?.focus(), 0);
