// The consent that is given in another tab: how this page hears what became of it.
import { Box, Button, Spinner, Text } from "@saleor/macaw-ui";
import { useEffect } from "react";
import { useClient } from "urql";

import type { Problem } from "../../api/act";
import { openInDashboard, useBridge } from "../../dashboard/bridge";
import { type Key, useSay } from "../../messages";
import { OutLink } from "../../parts/Link";
import { StatesQuery } from "./documents";

const CHANNEL = "saleor-amazon-consent";
const ASK_EVERY_MS = 4000;

type Told = { type: string; outcome: string; state: string };
export type Consent = { url: string; state: string };

// Words of the page that Amazon sends sellers back to; it says the same in its own tab.
const OUTCOMES: Record<string, Key> = {
  DENIED: "consent.DENIED",
  UNKNOWN_STATE: "consent.UNKNOWN_STATE",
  EXPIRED_STATE: "consent.EXPIRED_STATE",
  REUSED_STATE: "consent.REUSED_STATE",
  WRONG_REGION: "consent.WRONG_REGION",
  OTHER_ACCOUNT: "consent.OTHER_ACCOUNT",
  CONNECTED_HERE: "consent.CONNECTED_HERE",
  CONNECTED_ELSEWHERE: "consent.CONNECTED_ELSEWHERE",
  EXCHANGE_FAILED: "consent.EXCHANGE_FAILED",
};
const GOOD = ["CONNECTED", "REAUTHORISED"];

type Heard = { done: () => void; failed: (words: Key) => void };

function useReturn({ state }: Consent, { done, failed }: Heard): void {
  const client = useClient();
  useEffect(() => {
    const hear = ({ data }: MessageEvent<Told>) => {
      if (data.type !== CHANNEL || data.state !== state) return;
      if (GOOD.includes(data.outcome)) done();
      else failed(OUTCOMES[data.outcome] ?? "consent.NOT_POSSIBLE");
    };
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = hear;
    window.addEventListener("message", hear);
    // A browser may keep a frame apart from tabs of the same site; then nothing is heard, and what
    // changed among the stores tells it.
    let before: string | undefined;
    const ask = async () => {
      const asked = client.query(StatesQuery, {}, { requestPolicy: "network-only" });
      const stores = (await asked.toPromise()).data?.stores;
      if (!stores) return;
      const now = JSON.stringify(stores);
      if (before !== undefined && before !== now) done();
      before = now;
    };
    void ask();
    const timer = setInterval(() => void ask(), ASK_EVERY_MS);
    return () => {
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
