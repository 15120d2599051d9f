import { CircleHelp } from "lucide-react";
import { useState } from "react";
import { IconButton } from "../../components/button.tsx";
import { Popover } from "../../components/popover.tsx";
import { FilterWords } from "./filter-paint.tsx";

const EXAMPLES = [
  ["refund", "The word, anywhere in names, inputs, outputs and errors"],
  ['"charge back" status:error', "These words in a row, in what failed"],
  ["model:gpt-4o*,claude* latency>2s", "Either family of models, slower than two seconds"],
  ["cost>=0.01 -tag:internal", "At least a cent, without those tagged internal"],
  ["score.helpful<0.5", "Scored low"],
  ["(user:ana OR session:s-42) kind:generation", "One or the other, model calls only"],
  ["metadata.tenant:acme has:error", "One tenant's failures"],
  ["latency:1s..5s is:root", "Whole requests between one and five seconds"],
] as const;

/** What can be written, by examples that a click tries out. */
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
          Conditions one after the other must all hold. Write <code className="text-text">OR</code> and brackets for
          alternatives, <code className="text-text">-</code> for its opposite, commas for any of several values,{" "}
          <code className="text-text">*</code> for anything.
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
