import { ChevronDown, FileUp, Lock } from "lucide-react";
import { type RefObject, useRef, useState } from "react";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { Menu, MenuItem } from "../../../../components/overlay/menu.tsx";
import { RestrictedUpload } from "./restricted-upload.tsx";

type ButtonProps = { onFiles: (files: readonly File[], principals: readonly string[]) => void };

/** Chooses files and uploads them, for everyone or for some principals. */
export function UploadButtons({ onFiles }: ButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  const [isRestricting, setIsRestricting] = useState(false);
  const [principals, setPrincipals] = useState<readonly string[]>(["public"]);
  function choose(next: readonly string[]) {
    setPrincipals(next);
    setIsRestricting(false);
    input.current?.click();
  }
  return (
    <>
      <div className="flex gap-1">
        <Button kind="primary" onClick={() => choose(["public"])}>
          <FileUp aria-hidden size={14} /> Upload files
        </Button>
        <UploadMenu onRestrict={() => setIsRestricting(true)} />
      </div>
      <FilesInput ref={input} onFiles={(files) => onFiles(files, principals)} />
      {isRestricting && <RestrictedUpload onChoose={choose} close={() => setIsRestricting(false)} />}
    </>
  );
}

const UploadMenu = ({ onRestrict }: { onRestrict: () => void }) => (
  <Menu
    align="end"
    trigger={
      <IconButton label="More ways to upload">
        <ChevronDown size={14} />
      </IconButton>
    }
  >
    <MenuItem icon={<Lock size={14} />} onSelect={onRestrict}>
      Upload for some principals…
    </MenuItem>
  </Menu>
);

type InputProps = { ref: RefObject<HTMLInputElement | null>; onFiles: (files: readonly File[]) => void };

/** Hidden: the buttons open the browser's dialog for files with it. */
const FilesInput = ({ ref, onFiles }: InputProps) => (
  <input
    ref={ref}
    type="file"
    multiple
    aria-label="Files"
    tabIndex={-1}
    onChange={({ target }) => {
      onFiles([...(target.files ?? [])]);
      // The same file can be chosen again.
      target.value = "";
    }}
    className="sr-only"
  />
);
