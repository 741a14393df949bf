import { MenuToggle, SearchInput, Select, SelectList, SelectOption, Toolbar, ToolbarContent, ToolbarItem } from "@patternfly/react-core";
import { useState, type ReactNode } from "react";
import { useT } from "../app/i18n";
import { useUrlState } from "./useUrlState";

interface Props {
  readonly searchLabel: string;
  readonly filters?: readonly Filter[];
  readonly children?: ReactNode;
}

export interface Filter {
  readonly name: string;
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
}

/** Search and filters of a list; both live in the address. */
export function ListToolbar({ searchLabel, filters = [], children }: Props) {
  const [search, setSearch] = useUrlState("q");
  return (
    <Toolbar inset={{ default: "insetNone" }}>
      <ToolbarContent>
        <ToolbarItem>
          <SearchInput
            aria-label={searchLabel}
            placeholder={searchLabel}
            data-search="page"
            value={search}
            onChange={(_, value) => setSearch(value)}
            onClear={() => setSearch("")}
          />
        </ToolbarItem>
        {filters.map((filter) => (
          <ToolbarItem key={filter.name}>
            <FilterSelect filter={filter} />
          </ToolbarItem>
        ))}
        {children}
      </ToolbarContent>
    </Toolbar>
  );
}

function FilterSelect({ filter }: { readonly filter: Filter }) {
  const { t } = useT();
  const [value, setValue] = useUrlState(filter.name);
  const [open, setOpen] = useState(false);
  const chosen = filter.options.find((option) => option.value === value);
  return (
    <Select
      isScrollable // there may be hundreds of teams
      isOpen={open}
      onOpenChange={setOpen}
      selected={value}
      onSelect={(_, next) => {
        setValue(String(next));
        setOpen(false);
      }}
      toggle={(ref) => (
        <MenuToggle ref={ref} isExpanded={open} onClick={() => setOpen(!open)}>
          {filter.label}: {chosen?.text ?? t("common:all")}
        </MenuToggle>
      )}
    >
      <SelectList>
        <SelectOption value="">{t("common:all")}</SelectOption>
        {filter.options.map((option) => (
          <SelectOption key={option.value} value={option.value}>
            {option.text}
          </SelectOption>
        ))}
      </SelectList>
    </Select>
  );
}

/** Whether any of the texts holds what was searched for; case and width of letters do not count. */
export function matches(search: string, ...texts: (string | undefined)[]): boolean {
  const fold = (text: string) => text.normalize("NFKC").toLowerCase();
  const wanted = fold(search.trim());
  return wanted === "" || texts.some((text) => text !== undefined && fold(text).includes(wanted));
}
