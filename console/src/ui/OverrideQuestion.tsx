import { List, ListItem } from "@patternfly/react-core";
import { useEffect, useState } from "react";
import type { ApiError } from "../api/errors";
import { onSourceOwned } from "../api/override";
import { useT } from "../app/i18n";
import { Confirm } from "./Confirm";

interface Question {
  readonly refusal: ApiError;
  readonly answer: (yes: boolean) => void;
}

/** Asks before a field that a Source owns is changed here, on top of whatever form it was changed in. */
export function OverrideQuestion() {
  const { t } = useT();
  const [question, setQuestion] = useState<Question>();
  useEffect(() => {
    onSourceOwned((refusal) => new Promise((answer) => setQuestion({ refusal, answer })));
    return () => onSourceOwned(async () => false);
  }, []);
  if (!question) {
    return null;
  }
  const done = (yes: boolean) => {
    setQuestion(undefined);
    question.answer(yes);
  };
  return (
    <Confirm title={t("sources:override.title")} action={t("sources:override.action")} danger onClose={() => done(false)} onConfirm={() => done(true)}>
      <p className="ngy-gap-bottom">{t("sources:override.body")}</p>
      <List>
        {question.refusal.causes.map((cause) => (
          <ListItem key={cause.field}>
            <code>{cause.field}</code> <span lang="en">{cause.message}</span>
          </ListItem>
        ))}
      </List>
    </Confirm>
  );
}
