import { CircleHelp } from "lucide-react";
import { useState } from "react";
import { IconButton } from "../../../components/form/button.tsx";
import { Popover } from "../../../components/overlay/popover.tsx";
import { FilterWords } from "./filter-paint.tsx";

const EXAMPLES = [
  ["refund", "The word in a name, input, output or error"],
  ['"charge back" status:error', "The exact phrase in failed spans"],
  ["model:gpt-4o*,claude* latency>2s", "Either model family, slower than two seconds"],
  ["cost>=0.01 -tag:internal", "At least one cent, without spans tagged internal"],
  ["score.helpful<0.5", "A low score"],
  ["(user:ana OR session:s-42) kind:generation", "Model calls of this user or session"],
  ["metadata.tenant:acme has:error", "Failed spans of one tenant"],
  ["latency:1s..5s is:root", "Whole requests that took one to five seconds"],
] as const;

/** Filter examples. A click applies one. */
export function FilterHelp({ onTry }: { onTry: (text: string) => void }) {
  const [isOpen, setIsOpen] = useState(false);
  const trigger = (
    <IconButton size="small" label="How to filter" className="mt-0.75">
      <CircleHelp size={14} />
    </IconButton>
  );
  return (
    <Popover trigger={trigger} label="How to filter" isOpen={isOpen} setIsOpen={setIsOpen} align="end">
      <div className="w-120 max-w-full p-3">
        <p className="text-muted text-pretty">
          All conditions must match. Use <code className="text-text">OR</code> and brackets for alternatives,{" "}
          <code className="text-text">-</code> to exclude, commas to match any of several values, and{" "}
          <code className="text-text">*</code> as a wildcard.
        </p>
        <ul className="mt-2 -mx-1">
          {EXAMPLES.map(([text, words]) => (
            <li key={text}>
              <button
                type="button"
                onClick={() => {
                  setIsOpen(false);
                  onTry(text);
                }}
                className="flex w-full flex-col rounded-control px-1 py-1 text-left hover:bg-raised"
              >
                <code className="text-xs break-words">
                  <FilterWords text={text} />
                </code>
                <span className="text-xs text-muted">{words}</span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </Popover>
  );
}
