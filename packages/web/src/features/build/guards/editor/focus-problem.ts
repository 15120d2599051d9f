/** Moves to the first field that stops a form from being saved, or else to the first problem, once they are shown. */
export const focusProblem = () =>
  void setTimeout(() => {
    const field = document.querySelector<HTMLElement>('#content [aria-invalid="true"]');
    if (field) field.focus();
    else document.querySelector("#content [role=alert]")?.scrollIntoView({ block: "center" });
  }, 0);
