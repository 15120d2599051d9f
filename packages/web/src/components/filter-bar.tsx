import type { ReactNode } from "react";
import { Select } from "./field.tsx";
import { SearchField } from "./search-field.tsx";

type BarProps = {
  /** What is searched, for screen readers, and what may be typed. */
  label: string;
  placeholder: string;
  word: string | undefined;
  /** Undefined when nothing is searched for any more. */
  onSearch: (word: string | undefined) => void;
  /** Further filters, such as `FilterSelect`. */
  children?: ReactNode;
};

/** Over a list: a search, and beside it what else narrows the list. */
export function FilterBar({ label, placeholder, word, onSearch, children }: BarProps) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      <SearchField
        label={label}
        placeholder={placeholder}
        word={word ?? ""}
        onChange={(next) => onSearch(next || undefined)}
      />
      {children}
    </div>
  );
}

type SelectProps = {
  label: string;
  /** The words for no filter at all. */
  all: string;
  value: string | undefined;
  options: readonly { readonly value: string; readonly name: string }[];
  /** Undefined for all. */
  onChange: (value: string | undefined) => void;
  className?: string;
};

/** Narrows a list to one of a few values, or to none of them. */
export function FilterSelect({ label, all, value, options, onChange, className = "w-52!" }: SelectProps) {
  return (
    <Select
      aria-label={label}
      value={value ?? ""}
      onChange={({ target }) => onChange(target.value || undefined)}
      className={`${className} max-md:flex-1`}
    >
      <option value="">{all}</option>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.name}
        </option>
      ))}
    </Select>
  );
}
