import { Button } from "../../components/button.tsx";
import { formatNumberOf } from "../../components/format.ts";
import type { Finding } from "./use-registry.ts";

type RefusedProps = {
  findings: readonly Finding[];
  /** Goes on without the files that were refused; undefined where nothing would be left. */
  goOn: (() => void) | undefined;
};

/** Why files are not stored, one sentence for each, and a way on without them. */
export function RefusedFiles({ findings, goOn }: RefusedProps) {
  const refused = findings.filter(({ level }) => level === "refused");
  const words = formatNumberOf(refused.length, "file");
  return (
    <section aria-label="Refused" role="alert" className="mt-2 rounded-control bg-bad-soft px-3 py-2">
      <p className="font-medium">
        {refused.length === 0
          ? "There is no model among the files. A model is a GGUF file, safetensors or ONNX."
          : `${words} cannot be stored, so nothing was.`}
      </p>
      <ul className="mt-1 flex max-h-60 flex-col gap-1 overflow-y-auto">
        {refused.map(({ path, message }) => (
          <li key={path} className="[overflow-wrap:anywhere]">
            <span className="font-medium">{path}</span>: {message}
          </li>
        ))}
      </ul>
      {goOn && refused.length > 0 && (
        <Button size="small" className="mt-2" onClick={goOn}>
          Go on without {refused.length === 1 ? "it" : "them"}
        </Button>
      )}
    </section>
  );
}
