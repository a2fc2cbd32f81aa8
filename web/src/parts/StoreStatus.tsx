// Whether a store works, and what to do where it does not.
import { Box, Text } from "@saleor/macaw-ui";

import { Chip } from "./Chip";
import { Link } from "./Link";
import { useSay } from "../messages";
import { useViewer } from "./viewer";

type Status = "ACTIVE" | "INACTIVE" | "REAUTHORISE";
const TONES = { ACTIVE: "good", INACTIVE: "plain", REAUTHORISE: "bad" } as const;

export function StoreStatus({ status }: { status: Status }) {
  const say = useSay();
  return <Chip tone={TONES[status]}>{say(`storeStatus.${status}`)}</Chip>;
}

type Store = { id: string; status: Status; statusReason: string | null };

/** A word above a page of a store that does not work; nothing where it does. */
export function StoreNotice({ store }: { store: Store }) {
  const say = useSay();
  const { canManage } = useViewer();
  if (store.status === "ACTIVE") return null;
  const isLost = store.status === "REAUTHORISE";
  return (
    <Box role="status" className={isLost ? "problem wide" : "notice wide"} paddingX={6} paddingY={3}>
      <Text as="p" size={3} fontWeight="medium" className="inherit">
        {say(isLost ? "store.lost" : "store.inactive")}
      </Text>
      <Text as="p" size={3} className="inherit">
        {isLost && store.statusReason !== null && `${store.statusReason} `}
        {isLost && canManage && (
          <Link to={`/stores/${store.id}/connection`}>{say("store.lost.whatToDo")}</Link>
        )}
        {!isLost && say("store.inactive.whatToDo")}
      </Text>
    </Box>
  );
}
