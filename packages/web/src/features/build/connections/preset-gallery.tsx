import { Skeleton } from "../../../components/feedback/states.tsx";
import type { Preset } from "./use-connections.ts";

/** The services by name; a click opens the form with everything filled in but the key. */
export function PresetGallery({
  presets,
  onChoose,
}: {
  presets: readonly Preset[] | undefined;
  onChoose: (preset: Preset) => void;
}) {
  return (
    <ul className="grid grid-cols-[repeat(auto-fill,minmax(200px,1fr))] gap-2 max-sm:grid-cols-2 px-4 pb-4">
      {presets
        ? presets.map((preset) => (
            <li key={preset.presetId} className="min-w-0">
              <button
                type="button"
                onClick={() => onChoose(preset)}
                className="flex h-full w-full flex-col rounded-control border border-line px-3 py-2 text-left transition-colors duration-150 hover:border-line-strong hover:bg-raised"
              >
                <span className="font-medium">{preset.label}</span>
                <span className="max-w-full truncate text-xs text-muted">{hostOf(preset.baseUrl)}</span>
              </button>
            </li>
          ))
        : Array.from({ length: 10 }, (_, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: grey boxes that never move.
            <li key={index}>
              <Skeleton className="h-13 rounded-control" />
            </li>
          ))}
    </ul>
  );
}

function hostOf(url: string): string {
  if (url === "") return "at your own URL";
  return /^https?:\/\/([^/]+)/.exec(url)?.[1] ?? url;
}
