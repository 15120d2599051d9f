import { Button } from "../../../../components/form/button.tsx";
import { formatNumberOf } from "../../../../components/text/format.ts";
import type { Finding } from "../shared/use-registry.ts";

type RefusedProps = {
  findings: readonly Finding[];
  /** Continues without the rejected files; undefined if no file would be left. */
  goOn: (() => void) | undefined;
};

/** Why files were rejected, with a button to continue without them. */
export function RefusedFiles({ findings, goOn }: RefusedProps) {
  const refused = findings.filter(({ level }) => level === "refused");
  const words = formatNumberOf(refused.length, "file");
  return (
    <section aria-label="Rejected files" role="alert" className="mt-2 rounded-control bg-bad-soft px-3 py-2">
      <p className="font-medium">
        {refused.length === 0
          ? "None of these files is a model. A model is a GGUF, safetensors or ONNX file."
          : `${words} cannot be stored, so nothing was stored.`}
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
          Continue without {refused.length === 1 ? "it" : "them"}
        </Button>
      )}
    </section>
  );
}
