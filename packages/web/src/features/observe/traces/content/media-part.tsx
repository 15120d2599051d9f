import { ExternalLink, FileAudio, FileImage } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import type { Part } from "./messages.ts";

type Media = Extract<Part, { kind: "media" }>;

/** What a browser draws or plays without running anything in it. */
const IMAGES = /^image\/(png|jpe?g|gif|webp|avif|bmp)$/;
const SOUNDS = /^audio\/(mpeg|mp3|wav|x-wav|wave|ogg|webm|aac|flac|mp4|m4a)$/;

/** Embedded images and audio are shown. Links are only named, and open in a new tab on click. */
export function MediaPart({ part }: { part: Media }) {
  const source = useObjectUrl(part);
  const [isLarge, setIsLarge] = useState(false);
  const Icon = part.mimeType.startsWith("audio/") ? FileAudio : FileImage;
  return (
    <figure className="flex min-w-0 flex-col items-start gap-1.5">
      {source && IMAGES.test(part.mimeType) && (
        <button
          type="button"
          aria-expanded={isLarge}
          aria-label={isLarge ? "Show image smaller" : "Show image larger"}
          onClick={() => setIsLarge(!isLarge)}
          className="max-w-full rounded-control border border-line bg-raised p-1"
        >
          <img src={source} alt="Message attachment" className={`max-w-full rounded ${isLarge ? "" : "max-h-48"}`} />
        </button>
      )}
      {source && SOUNDS.test(part.mimeType) && (
        // biome-ignore lint/a11y/useMediaCaption: a recording that was sent to a model has no captions.
        <audio controls src={source} className="max-w-full" />
      )}
      <figcaption className="inline-flex max-w-full min-w-0 items-center gap-2 text-muted">
        <Icon aria-hidden size={14} className="shrink-0" />
        {part.label}
        {part.address && (
          <code className="truncate text-xs" title="Not loaded. Treadle never fetches links in a trace.">
            {part.address}
          </code>
        )}
        {/^https?:\/\//.test(part.address) && (
          <a
            href={part.address}
            target="_blank"
            rel="noreferrer noopener"
            aria-label={`Open ${part.address} in a new tab`}
            className="shrink-0 hover:text-text"
          >
            <ExternalLink aria-hidden size={13} />
          </a>
        )}
      </figcaption>
    </figure>
  );
}

/** An address of the bytes inside this page; undefined for what is not shown, or holds no bytes. */
function useObjectUrl({ mimeType, data }: Media): string | undefined {
  const bytes = useMemo(
    () => (data && (IMAGES.test(mimeType) || SOUNDS.test(mimeType)) ? bytesOf(data) : undefined),
    [mimeType, data],
  );
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (!bytes) return setAddress(undefined);
    const url = URL.createObjectURL(new Blob([bytes], { type: mimeType }));
    setAddress(url);
    return () => URL.revokeObjectURL(url);
  }, [bytes, mimeType]);
  return address;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  } catch {
    return undefined;
  }
}
