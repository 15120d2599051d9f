import { useState } from "react";
import { listKeys, printKeys } from "../../../components/browser/keys.ts";
import { Dialog } from "../../../components/overlay/dialog.tsx";

/** The keyboard shortcuts of the current page. */
export function KeysDialog({ close }: { close: () => void }) {
  const [groups] = useState(listKeys);
  return (
    <Dialog title="Keyboard shortcuts" close={close} width="narrow">
      {groups.map((group) => (
        <section key={group.title} className="mb-4 last:mb-0">
          <h3 className="mb-1 text-xs text-muted">{group.title}</h3>
          <dl>
            {group.bindings.map((binding) => (
              <div
                key={binding.keys}
                className="flex items-center justify-between gap-4 border-line border-b py-1.5 last:border-0"
              >
                <dt>{binding.label}</dt>
                <dd className="flex gap-1">
                  {printKeys(binding.keys)
                    .split(" ")
                    .map((key) => (
                      <kbd
                        key={key}
                        className="min-w-6 rounded border border-line-strong bg-raised px-1.5 text-center text-xs"
                      >
                        {key}
                      </kbd>
                    ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}
