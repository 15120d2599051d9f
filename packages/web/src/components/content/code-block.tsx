import { CopyButton } from "../feedback/copy-button.tsx";
import { ScrollBox } from "../layout/scroll-box.tsx";

/** Code as it is, scrolled rather than wrapped, with a button that copies exactly this text. */
export function CodeBlock({ code, label = "Code" }: { code: string; label?: string }) {
  return (
    <div className="relative min-w-0 rounded-control border border-line bg-raised">
      <ScrollBox label={label} className="max-h-[60vh]">
        <pre className="p-3 pr-10 text-xs leading-relaxed">{code}</pre>
      </ScrollBox>
      <CopyButton text={code} className="absolute top-1.5 right-1.5 bg-raised" />
    </div>
  );
}
