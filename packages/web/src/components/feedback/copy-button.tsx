import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { IconButton } from "../form/button.tsx";
import { toastFailed } from "./toast.tsx";

/** Copies text to the clipboard and shows a toast if the browser blocks it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    // Browsers hide the clipboard on plain http, where the old command still works.
    if (navigator.clipboard) await navigator.clipboard.writeText(text);
    else if (!copyByCommand(text)) throw new Error("The browser refused.");
    return true;
  } catch {
    toastFailed("Nothing was copied", "The browser blocked copying. Select the text and copy it manually.");
    return false;
  }
}

function copyByCommand(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  return isCopied;
}

/**
 * Copies exactly the text it was given, and shows a tick for a moment. What is costly to write is given as a function.
 */
export function CopyButton({
  text,
  label = "Copy",
  className = "",
}: {
  text: string | (() => string);
  label?: string;
  className?: string;
}) {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <IconButton
      label={isCopied ? "Copied" : label}
      size="small"
      className={className}
      onClick={async () => setIsCopied(await copyText(typeof text === "function" ? text() : text))}
    >
      {isCopied ? <Check size={14} className="text-good" /> : <Copy size={14} />}
    </IconButton>
  );
}
