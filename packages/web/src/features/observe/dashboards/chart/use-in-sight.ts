import { type RefObject, useEffect, useState } from "react";

/** Whether an element has been in sight, or nearly. It stays so, since what was loaded once need not go again. */
export function useInSight(element: RefObject<HTMLElement | null>): boolean {
  const [wasSeen, setWasSeen] = useState(false);
  useEffect(() => {
    if (wasSeen || !element.current) return;
    const watcher = new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && setWasSeen(true),
      { rootMargin: "400px" },
    );
    watcher.observe(element.current);
    return () => watcher.disconnect();
  }, [element, wasSeen]);
  return wasSeen;
}
