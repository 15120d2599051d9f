/** The height of a row of a trace in pixels. */
export const ROW_HEIGHT = 30;

/** Scrolls just enough to show a row and the next one; does nothing when it is in view. */
export function bringIntoSight(box: HTMLElement, row: number): void {
  const top = row * ROW_HEIGHT;
  const before = top - ROW_HEIGHT;
  const after = top + 2 * ROW_HEIGHT - box.clientHeight;
  if (top < box.scrollTop) box.scrollTop = before;
  else if (top + ROW_HEIGHT > box.scrollTop + box.clientHeight) box.scrollTop = after;
}
