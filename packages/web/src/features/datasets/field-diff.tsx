import { ChangedWords } from "../../components/changed-words.tsx";
import type { FieldChange } from "./field-changes.ts";

/** The values that changed, each under its path, with what went and what came. */
export function FieldDiff({ changes }: { changes: readonly FieldChange[] }) {
  return (
    <dl className="flex flex-col gap-2">
      {changes.map((change) => (
        <div key={change.path} className="min-w-0">
          <dt className="font-mono text-xs text-muted">{change.path || "the item"}</dt>
          <dd className="mt-0.5 [overflow-wrap:anywhere]">
            <ChangedWords change={change} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
