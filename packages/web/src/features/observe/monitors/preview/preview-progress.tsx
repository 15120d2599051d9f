import { useEffect, useState } from "react";
import { Spinner } from "../../../../components/form/button.tsx";

const SECOND_MS = 1_000;

/** How long the preview has been running, from one second on. */
export function PreviewProgress() {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((old) => old + 1), SECOND_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <span className="inline-flex items-center gap-2 text-xs text-muted">
      <Spinner />
      <span role="status">Evaluating</span>
      {seconds > 0 && (
        <span aria-hidden className="num">
          {seconds} s
        </span>
      )}
    </span>
  );
}
