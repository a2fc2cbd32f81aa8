// The consent that is given in another tab: how this page hears what became of it.
import { Box, Button, Spinner, Text } from "@saleor/macaw-ui";
import { useEffect } from "react";
import { useClient } from "urql";

import type { Problem } from "../../api/act";
import { openInDashboard, useBridge } from "../../dashboard/bridge";
import { type Key, useSay } from "../../messages";
import { OutLink } from "../../parts/Link";
import { type Outcome, OutcomeQuery } from "./documents";

const CHANNEL = "saleor-amazon-consent";
const ASK_EVERY_MS = 4000;

type Told = { type: string; outcome: Outcome; state: string };
export type Consent = { url: string; state: string };
type Heard = { done: () => void; failed: (words: Key) => void };

function useReturn({ state }: Consent, { done, failed }: Heard): void {
  const client = useClient();
  useEffect(() => {
    let isOver = false;
    const end = (outcome: Outcome) => {
      if (isOver) return;
      isOver = true;
      if (outcome === "CONNECTED" || outcome === "REAUTHORISED") done();
      else failed(`consent.${outcome}`);
    };
    const hear = ({ data }: MessageEvent<Told | null>) => {
      if (data?.type === CHANNEL && data.state === state) end(data.outcome);
    };
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = hear;
    window.addEventListener("message", hear);
    // A browser may keep a frame apart from tabs of the same site; then nothing is heard.
    const ask = async () => {
      const asked = client.query(OutcomeQuery, { state }, { requestPolicy: "network-only" });
      const outcome = (await asked.toPromise()).data?.consentOutcome;
      if (outcome) end(outcome);
    };
    const timer = setInterval(() => void ask(), ASK_EVERY_MS);
    return () => {
      isOver = true;
      channel.close();
      window.removeEventListener("message", hear);
      clearInterval(timer);
    };
    // The two callbacks close over what does not change while a consent is awaited.
  }, [state, client]);
}

/** Stands where the form was until the seller comes back. */
export function Awaiting({ consent, done, failed, stop }: Heard & { consent: Consent; stop: () => void }) {
  const say = useSay();
  const bridge = useBridge();
  useReturn(consent, { done, failed });
  useEffect(() => {
    openInDashboard(bridge, consent.url, true);
  }, [bridge, consent.url]);
  return (
    <Box
      role="status"
      className="callout"
      display="flex"
      flexDirection="column"
      alignItems="center"
      gap={3}
      padding={10}
    >
      <Spinner />
      <Text as="p" size={5} fontWeight="medium">
        {say("consent.waiting")}
      </Text>
      <Text as="p" size={3} className="quiet">
        {say("consent.waiting.whatToDo")}{" "}
        <OutLink to={consent.url}>{say("consent.open")}</OutLink>
      </Text>
      <Button variant="secondary" onClick={stop}>
        {say("action.cancel")}
      </Button>
    </Box>
  );
}

/** A failed consent in the shape of any other problem. */
export const consentProblem = (message: string): Problem => ({
  __typename: "Problem",
  code: "CONSENT",
  message,
  field: null,
  whatToDo: null,
});
