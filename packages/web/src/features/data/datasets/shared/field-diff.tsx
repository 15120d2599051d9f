import { ChangedWords } from "../../../../components/text/changed-words.tsx";
import type { FieldChange } from "./field-changes.ts";

/** The changed values with their paths, before and after. */
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
