// What a page shows when it has nothing to show yet, or nothing at all, and what to do then.
import { Box, Button, Spinner, Text } from "@saleor/macaw-ui";
import type { CombinedError } from "@urql/core";
import type { ReactNode } from "react";

import { failureOf } from "../api/client";
import { useSay } from "../messages";

type Message = { title: string; children?: ReactNode; action?: ReactNode; alert?: boolean };

function Callout({ title, children, action, alert = false }: Message) {
  return (
    <Box
      role={alert ? "alert" : undefined}
      className="callout"
      display="flex"
      flexDirection="column"
      alignItems="center"
      gap={2}
      paddingX={6}
      paddingY={12}
    >
      <Text as="h2" size={5} fontWeight="medium">
        {title}
      </Text>
      {children !== undefined && (
        <Text as="p" size={3} className="quiet">
          {children}
        </Text>
      )}
      {action !== undefined && <Box marginTop={2}>{action}</Box>}
    </Box>
  );
}

export function Loading() {
  const say = useSay();
  return (
    <Box role="status" display="flex" justifyContent="center" padding={12}>
      <Spinner />
      <span className="unseen">{say("state.loading")}</span>
    </Box>
  );
}

/** Nothing there yet: the children say what to do, the action does it. */
export function Empty({ title, children, action }: Omit<Message, "alert">) {
  return (
    <Callout title={title} action={action}>
      {children}
    </Callout>
  );
}

/** A request failed: in words by its kind, with the server's own where they were meant for us. */
export function Failed({ error, retry }: { error: CombinedError; retry?: () => void }) {
  const say = useSay();
  const failure = failureOf(error);
  if (failure === "forbidden") return <NoPermission />;
  const told = error.graphQLErrors[0]?.message;
  const words = failure === "shop" || failure === "input" ? told : undefined;
  return (
    <Callout
      alert
      title={say(`failed.${failure}`)}
      action={retry && <Button onClick={retry}>{say("action.tryAgain")}</Button>}
    >
      {words ?? say(`failed.${failure}.whatToDo`)}
    </Callout>
  );
}

export function NoPermission() {
  const say = useSay();
  return (
    <Callout alert title={say("noPermission.title")}>
      {say("noPermission.whatToDo")}
    </Callout>
  );
}

export function NotThere() {
  const say = useSay();
  return (
    <Callout title={say("notThere.title")}>
      {say("notThere.whatToDo")}
    </Callout>
  );
}

export function Broken() {
  const say = useSay();
  return (
    <Callout
      alert
      title={say("failed.defect")}
      action={
        <Button
          onClick={() => {
            window.location.reload();
          }}
        >
          {say("action.reload")}
        </Button>
      }
    >
      {say("failed.defect.whatToDo")}
    </Callout>
  );
}
