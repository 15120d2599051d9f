import { type RefObject, useEffect, useState } from "react";

/** The inner size of an element in pixels, kept up to date. */
export function useElementSize(element: RefObject<HTMLElement | null>) {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    if (!element.current) return;
    const watched = element.current;
    const watcher = new ResizeObserver(() => setSize({ width: watched.clientWidth, height: watched.clientHeight }));
    watcher.observe(watched);
    return () => watcher.disconnect();
  }, [element]);
  return size;
}
