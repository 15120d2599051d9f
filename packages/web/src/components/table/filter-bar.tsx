import type { ReactNode } from "react";
import { Select } from "../form/field.tsx";
import { SearchField } from "../form/search-field.tsx";

type BarProps = {
  /** The label for screen readers, and the placeholder. */
  label: string;
  placeholder: string;
  word: string | undefined;
  /** Undefined when the search is cleared. */
  onSearch: (word: string | undefined) => void;
  /** Further filters, such as `FilterSelect`. */
  children?: ReactNode;
};

/** The bar above a list: a search field and other filters. */
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
  /** The text for no filter. */
  all: string;
  value: string | undefined;
  options: readonly { readonly value: string; readonly name: string }[];
  /** Undefined for all. */
  onChange: (value: string | undefined) => void;
  className?: string;
};

/** Filters a list by one of a few values. */
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
