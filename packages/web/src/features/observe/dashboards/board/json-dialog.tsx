import { type FormEvent, useState } from "react";
import { CopyButton } from "../../../../components/feedback/copy-button.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Dialog } from "../../../../components/overlay/dialog.tsx";
import { JsonBox } from "../shared/json-box.tsx";
import { readDashboard, writeDashboard } from "../shared/read-dashboard.ts";
import type { Draft } from "./draft-history.ts";

type JsonProps = { draft: Draft; onApply: (next: Omit<Draft, "version">) => void; close: () => void };

/** The dashboard that is being edited as its JSON. What is applied can be undone like any other change. */
export function JsonDialog({ draft, onApply, close }: JsonProps) {
  const [text, setText] = useState(() => writeDashboard(draft));
  const [isTried, setIsTried] = useState(false);
  const reading = readDashboard(text);
  function submit(event: FormEvent) {
    event.preventDefault();
    setIsTried(true);
    if (!("file" in reading)) return;
    const { name, description, charts } = reading.file;
    onApply({ name, description, charts });
    close();
  }
  return (
    <Dialog
      title="Edit as JSON"
      description="The whole dashboard. Apply updates your draft. Nothing is saved until you save the dashboard."
      close={close}
      width="wide"
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <JsonBox text={text} onChange={setText} reading={reading} isTried={isTried} />
        <div className="flex flex-wrap items-center justify-end gap-2">
          <span className="mr-auto flex items-center text-muted">
            <CopyButton text={text} label="Copy JSON" /> Copy
          </span>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary">
            Apply
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
