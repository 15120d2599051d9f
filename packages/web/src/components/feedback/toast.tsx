import { CircleAlert, CircleCheck, X } from "lucide-react";
import { useEffect, useSyncExternalStore } from "react";
import { Button, IconButton } from "../form/button.tsx";

type Action = { label: string; run: () => void };
type Toast = { id: number; kind: "done" | "failed"; text: string; detail?: string; action?: Action };

let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function publish(next: readonly Toast[]) {
  toasts = next;
  for (const listener of listeners) listener();
}
function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
const dismiss = (id: number) => publish(toasts.filter((toast) => toast.id !== id));
const show = (toast: Omit<Toast, "id">) => publish([...toasts.slice(-3), { ...toast, id: nextId++ }]);

/** Confirms an action; `action` can undo it while the toast is visible. */
export const toastDone = (text: string, action?: Action) => show({ kind: "done", text, ...(action && { action }) });
/** Reports a failed action; stays until it is closed. `detail` holds the reason and the request id. */
export const toastFailed = (text: string, detail?: string) => show({ kind: "failed", text, detail });

/** Where toasts appear; mounted once. */
export function Toaster() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <section
      aria-label="Notifications"
      aria-live="polite"
      className="pointer-events-none fixed right-4 bottom-4 z-50 flex w-90 max-w-[calc(100vw-32px)] flex-col gap-2"
    >
      {shown.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

function ToastCard({ toast }: { toast: Toast }) {
  useEffect(() => {
    if (toast.kind === "failed") return;
    const timer = setTimeout(() => dismiss(toast.id), toast.action ? 10_000 : 4000);
    return () => clearTimeout(timer);
  }, [toast]);
  const Icon = toast.kind === "done" ? CircleCheck : CircleAlert;
  return (
    <div
      role={toast.kind === "failed" ? "alert" : "status"}
      className="card pointer-events-auto flex animate-[rise-in_150ms_ease-out] items-start gap-2 border-line-strong p-3 shadow-lg shadow-scrim/20"
    >
      <Icon aria-hidden size={16} className={`mt-px shrink-0 ${toast.kind === "done" ? "text-good" : "text-bad"}`} />
      <div className="min-w-0 grow">
        <p className="font-medium">{toast.text}</p>
        {toast.detail && <p className="mt-0.5 break-words text-muted">{toast.detail}</p>}
      </div>
      {toast.action && (
        <Button
          size="small"
          onClick={() => {
            dismiss(toast.id);
            toast.action?.run();
          }}
        >
          {toast.action.label}
        </Button>
      )}
      <IconButton label="Close" size="small" onClick={() => dismiss(toast.id)}>
        <X size={14} />
      </IconButton>
    </div>
  );
}
