import { Alert, Button, Card, CardBody, CardHeader, CardTitle, ClipboardCopy, Content, Modal, ModalBody, ModalFooter, ModalHeader } from "@patternfly/react-core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, client } from "../../api/client";
import type { ApiError } from "../../api/errors";
import type { Token } from "../../api/types";
import { useT } from "../../app/i18n";
import { tell } from "../../app/toasts";
import { Age } from "../../ui/Age";
import { Confirm } from "../../ui/Confirm";
import { TextField } from "../../ui/Field";
import { FormDialog } from "../../ui/FormDialog";
import { ObjectError } from "../../ui/ObjectError";
import { ResourceTable } from "../../ui/ResourceTable";

const KEY = ["tokens"] as const;

/** Tokens with which programs act for this person. */
export function Tokens() {
  const { t } = useT();
  const cache = useQueryClient();
  const list = useQuery<readonly Token[], ApiError>({
    queryKey: KEY,
    queryFn: async ({ signal }) => (await answer(client.GET("/api/v1alpha1/tokens", { signal }))).items as readonly Token[],
  });
  const [creating, setCreating] = useState(false);
  const [name, setName] = useState("");
  const [secret, setSecret] = useState<string>();
  const [revoking, setRevoking] = useState<Token>();
  const create = useMutation<{ readonly token: string }, ApiError>({
    mutationFn: async () => await answer(client.POST("/api/v1alpha1/tokens", { body: { name } })),
    onSuccess: (made) => {
      setCreating(false);
      setName("");
      setSecret(made.token);
      void cache.invalidateQueries({ queryKey: KEY });
    },
  });
  const revoke = useMutation<unknown, ApiError, Token>({
    mutationFn: (token) => answer(client.DELETE("/api/v1alpha1/tokens/{id}", { params: { path: { id: token.id } } })),
    onSuccess: (_, token) => {
      tell(t("settings:tokens.revoked", { name: token.name }));
      setRevoking(undefined);
      void cache.invalidateQueries({ queryKey: KEY });
    },
  });
  return (
    <Card>
      <CardHeader
        actions={{
          actions: (
            <Button variant="secondary" onClick={() => setCreating(true)}>
              {t("settings:tokens.create")}
            </Button>
          ),
          hasNoOffset: true,
        }}
      >
        <CardTitle component="h2">{t("settings:tokens.title")}</CardTitle>
      </CardHeader>
      <CardBody>
        <Content component="p">{t("settings:tokens.body")}</Content>
        {list.error && <ObjectError error={list.error} onRetry={() => void list.refetch()} />}
        <ResourceTable
          label={t("settings:tokens.title")}
          rows={list.error ? [] : list.data}
          rowKey={(row) => row.id}
          columns={[
            { key: "name", title: t("common:name"), cell: (row) => row.name },
            { key: "created", title: t("common:created"), cell: (row) => <Age at={row.createdAt} /> },
            { key: "used", title: t("settings:tokens.lastUsed"), cell: (row) => (row.lastUsedAt ? <Age at={row.lastUsedAt} /> : t("settings:tokens.never")) },
            { key: "ends", title: t("settings:tokens.ends"), cell: (row) => (row.expiresAt ? <Age at={row.expiresAt} /> : t("settings:tokens.endless")) },
          ]}
          primaryAction={(row) => (
            <Button variant="link" isDanger onClick={() => setRevoking(row)}>
              {t("settings:tokens.revoke")}
            </Button>
          )}
          empty={<p className="ngy-quiet">{t("settings:tokens.empty")}</p>}
        />
      </CardBody>
      {creating && (
        <FormDialog
          title={t("settings:tokens.create")}
          action={t("common:create")}
          failed={t("settings:tokens.failed")}
          busy={create.isPending}
          ready={name.trim() !== ""}
          error={create.error}
          onClose={() => setCreating(false)}
          onSubmit={() => create.mutate()}
        >
          <TextField
            id="token-name"
            label={t("common:name")}
            help={t("settings:tokens.nameHelp")}
            required
            autoFocus
            value={name}
            onChange={setName}
            error={create.error}
            path="name"
          />
        </FormDialog>
      )}
      {secret !== undefined && (
        <Modal isOpen variant="small" aria-labelledby="token-title" onClose={() => setSecret(undefined)}>
          <ModalHeader title={t("settings:tokens.made")} labelId="token-title" />
          <ModalBody>
            <Alert variant="warning" isInline isPlain title={t("settings:tokens.once")} className="ngy-gap-bottom" />
            <ClipboardCopy isReadOnly isCode hoverTip={t("common:copy")} clickTip={t("common:copied")} textAriaLabel={t("settings:tokens.made")}>
              {secret}
            </ClipboardCopy>
          </ModalBody>
          <ModalFooter>
            <Button onClick={() => setSecret(undefined)}>{t("common:close")}</Button>
          </ModalFooter>
        </Modal>
      )}
      {revoking && (
        <Confirm
          title={t("settings:tokens.revokeTitle", { name: revoking.name })}
          action={t("settings:tokens.revoke")}
          danger
          busy={revoke.isPending}
          error={revoke.error}
          onClose={() => setRevoking(undefined)}
          onConfirm={() => revoke.mutate(revoking)}
        >
          {t("settings:tokens.revokeBody")}
        </Confirm>
      )}
    </Card>
  );
}
