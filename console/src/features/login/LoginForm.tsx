import { ActionGroup, Button, Form, FormGroup, TextInput } from "@patternfly/react-core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { ApiError } from "../../api/errors";
import { login } from "../../api/session";
import { useT } from "../../app/i18n";
import { ObjectError } from "../../ui/ObjectError";
import { Alert } from "@patternfly/react-core";

interface Props {
  /** Who was logged in, when the same person is asked again. */
  readonly user?: string;
  readonly onLogin: () => void;
}

export function LoginForm({ user: before = "", onLogin }: Props) {
  const { t } = useT();
  const [user, setUser] = useState(before);
  const [password, setPassword] = useState("");
  const attempt = useMutation<void, ApiError>({ mutationFn: () => login(user.trim(), password), onSuccess: onLogin });
  const refused = attempt.error?.code === 401;
  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault();
        attempt.mutate();
      }}
    >
      {refused && <Alert variant="danger" isInline role="alert" title={t("login:refused")} />}
      {attempt.error && !refused && <ObjectError error={attempt.error} title={t("login:failed")} />}
      <FormGroup label={t("login:user")} fieldId="login-user" isRequired>
        <TextInput
          id="login-user"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          isRequired
          autoFocus={before === ""}
          value={user}
          onChange={(_, value) => setUser(value)}
        />
      </FormGroup>
      <FormGroup label={t("login:password")} fieldId="login-password" isRequired>
        <TextInput
          id="login-password"
          name="password"
          type="password"
          autoComplete="current-password"
          isRequired
          autoFocus={before !== ""}
          value={password}
          onChange={(_, value) => setPassword(value)}
        />
      </FormGroup>
      <ActionGroup>
        <Button type="submit" isBlock isLoading={attempt.isPending} isDisabled={attempt.isPending}>
          {t("login:logIn")}
        </Button>
      </ActionGroup>
    </Form>
  );
}
