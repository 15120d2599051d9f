import { Check, Copy } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "../form/button.tsx";
import { copyText } from "./copy-button.tsx";

type SecretProps = { label: string; value: string; children: ReactNode; close: () => void };

/** Something that is shown this one time: selected with a click, copied with a button. */
export function SecretOnce({ label, value, children, close }: SecretProps) {
  const [isCopied, setIsCopied] = useState(false);
  return (
    <div className="flex flex-col gap-4">
      <p className="text-pretty">{children}</p>
      <div className="flex items-center gap-2">
        <input
          readOnly
          aria-label={label}
          value={value}
          onFocus={(event) => event.target.select()}
          className="control w-full min-w-0 bg-raised font-mono text-xs"
        />
        <Button
          kind={isCopied ? "plain" : "primary"}
          autoFocus
          onClick={async () => setIsCopied(await copyText(value))}
        >
          {isCopied ? <Check aria-hidden size={14} /> : <Copy aria-hidden size={14} />}
          {isCopied ? "Copied" : "Copy"}
        </Button>
      </div>
      <div className="flex justify-end">
        <Button onClick={close}>Done</Button>
      </div>
    </div>
  );
}
