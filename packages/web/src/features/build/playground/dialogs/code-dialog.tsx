import { useState } from "react";
import { CodeBlock } from "../../../../components/content/code-block.tsx";
import { CODE_KINDS, type CodeKind, codeFor } from "../../../../components/content/request-code.ts";
import { Tabs } from "../../../../components/layout/tabs.tsx";
import { Dialog } from "../../../../components/overlay/dialog.tsx";

/** The request of a column as a program would send it, for copying into one. */
export function CodeDialog({ request, close }: { request: Readonly<Record<string, unknown>>; close: () => void }) {
  const [kind, setKind] = useState<CodeKind>("curl");
  return (
    <Dialog
      title="Request as code"
      description="The code reads the API key from the environment. Create a key in Settings."
      close={close}
      width="wide"
    >
      <Tabs label="Language" names={CODE_KINDS} shown={kind} onShow={setKind} />
      <div role="tabpanel" aria-label={kind} className="pt-3">
        <CodeBlock code={codeFor(kind, request, location.origin)} label={kind} />
      </div>
    </Dialog>
  );
}
