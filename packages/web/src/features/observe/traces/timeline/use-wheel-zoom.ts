import { type RefObject, useEffect } from "react";
import { panBy, type ZoomState, zoomBy } from "./use-zoom.ts";

/**
 * Ctrl or ⌘ and the wheel (or a pinch) over the bars zooms at the pointer; a sideways wheel, or Shift and the wheel, moves in time.
 * Everything else is left to the page.
 */
export function useWheelZoom(box: RefObject<HTMLElement | null>, setZoom: ZoomState["setZoom"]) {
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    function onWheel(event: WheelEvent) {
      const bounds = timelineOf(event.currentTarget);
      if (!bounds || event.clientX < bounds.left) return;
      const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const share = Math.min(1, Math.max(0, (event.clientX - bounds.left) / bounds.width));
        setZoom((zoom) => zoomBy(zoom, Math.exp(event.deltaY / 200), share));
      } else if (isSideways) {
        event.preventDefault();
        setZoom((zoom) => panBy(zoom, (event.deltaX || event.deltaY) / bounds.width));
      }
    }
    // React listens passively, and a passive listener cannot keep the browser from zooming the page.
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [box, setZoom]);
}

/** Where the bars are: the column under the ruler, or the whole element where there is no such column. */
function timelineOf(target: EventTarget | null): DOMRect | undefined {
  if (!(target instanceof HTMLElement)) return undefined;
  const ruler = target.parentElement?.querySelector("[data-timeline]") ?? target;
  const bounds = ruler.getBoundingClientRect();
  return bounds.width > 0 ? bounds : undefined;
}
