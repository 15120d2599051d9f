import { useState } from "react";
import { CodeBlock } from "../../components/code-block.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { CODE_KINDS, type CodeKind, codeFor } from "../../components/request-code.ts";
import { Tabs } from "../../components/tabs.tsx";

/** The request of a column as a program would send it, for copying into one. */
export function CodeDialog({ request, close }: { request: Readonly<Record<string, unknown>>; close: () => void }) {
  const [kind, setKind] = useState<CodeKind>("curl");
  return (
    <Dialog
      title="This request as code"
      description="The key is read from the environment; Settings makes one."
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
