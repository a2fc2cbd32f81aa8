// A word on each store that brings no orders at present, with the way to where that is changed.
import { Box, Text } from "@saleor/macaw-ui";

import { useSay } from "../../messages";
import { Link } from "../../parts/Link";
import { useViewer } from "../../parts/viewer";
import type { StoreOfOrders } from "./query";

export function StoreNotes({ stores }: { stores: readonly StoreOfOrders[] }) {
  const say = useSay();
  const { canManage } = useViewer();
  return (
    <>
      {stores
        .filter(({ status }) => status !== "ACTIVE")
        .map(({ id, name, status }) => {
          const isLost = status === "REAUTHORISE";
          return (
            <Box
              key={id}
              role="status"
              className={isLost ? "problem wide" : "notice wide"}
              paddingX={6}
              paddingY={3}
            >
              <Text as="p" size={3} className="inherit">
                {say(isLost ? "orders.store.lost" : "orders.store.inactive", { name })}{" "}
                <Link to={isLost && canManage ? `/stores/${id}/connection` : `/stores/${id}`}>
                  {say(isLost && canManage ? "store.lost.whatToDo" : "orders.store.open")}
                </Link>
              </Text>
            </Box>
          );
        })}
    </>
  );
}
