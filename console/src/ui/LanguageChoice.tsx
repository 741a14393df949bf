import { ToggleGroup, ToggleGroupItem } from "@patternfly/react-core";
import { changeLanguage, LANGUAGE_NAMES, LANGUAGES, useT } from "../app/i18n";

export function LanguageChoice() {
  const { t, language } = useT();
  return (
    <ToggleGroup aria-label={t("app:language")}>
      {LANGUAGES.map((choice) => (
        <ToggleGroupItem
          key={choice}
          text={<span lang={choice}>{LANGUAGE_NAMES[choice]}</span>}
          buttonId={`language-${choice}`}
          isSelected={choice === language}
          onChange={() => void changeLanguage(choice)}
        />
      ))}
    </ToggleGroup>
  );
}
