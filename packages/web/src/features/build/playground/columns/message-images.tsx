import { ImagePlus, X } from "lucide-react";
import { useRef } from "react";
import { explain } from "../../../../api.ts";
import { toastFailed } from "../../../../components/feedback/toast.tsx";
import { IconButton } from "../../../../components/form/button.tsx";
import { shrinkImage } from "./shrink-image.ts";

type Images = readonly string[];
const MOST = 8;

/** The button that puts pictures into a message. */
export function AddImages({
  images,
  onChange,
  label,
}: {
  images: Images;
  onChange: (images: Images) => void;
  label: string;
}) {
  const input = useRef<HTMLInputElement>(null);
  async function add(files: readonly File[]) {
    try {
      const read = await Promise.all(files.map(shrinkImage));
      if (images.length + read.length > MOST) throw new Error(`A message can have at most ${MOST} images.`);
      onChange([...images, ...read]);
    } catch (error) {
      toastFailed("The image was not added", explain(error));
    }
  }
  return (
    <>
      <input
        ref={input}
        type="file"
        accept="image/png,image/jpeg,image/webp,image/gif"
        multiple
        hidden
        aria-label={label}
        onChange={({ target }) => {
          void add([...(target.files ?? [])]);
          target.value = "";
        }}
      />
      <IconButton label={label} onClick={() => input.current?.click()}>
        <ImagePlus size={14} />
      </IconButton>
    </>
  );
}

/** The pictures of a message. Those elsewhere are named, not loaded: only the provider fetches them. */
export function ImageList({ images, onChange }: { images: Images; onChange: (images: Images) => void }) {
  return (
    <ul aria-label="Images" className="mt-1 flex flex-wrap gap-2">
      {images.map((url, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same picture may stand there twice.
        <li key={index} className="relative max-w-full">
          {url.startsWith("data:image/") ? (
            <img
              src={url}
              alt={`Message attachment ${index + 1}`}
              className="h-16 max-w-40 rounded-control border border-line object-cover"
            />
          ) : (
            <span className="block truncate rounded-control border border-line bg-raised py-1 pr-7 pl-2 text-xs">
              {url}
            </span>
          )}
          <IconButton
            size="small"
            label={`Remove image ${index + 1}`}
            className="absolute top-0.5 right-0.5 bg-panel/80"
            onClick={() => onChange(images.filter((_, at) => at !== index))}
          >
            <X size={12} />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}
