// The way through the list, page by page, and how long it is.
import { Box, Button, Text } from "@saleor/macaw-ui";

import { useSay } from "../../messages";
import type { Place } from "./wanted";

type PageInfo = {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: string | null;
  endCursor: string | null;
};
type Props = { page: PageInfo; total: number | null; go: (place: Place) => void };

export function Paging({ page, total, go }: Props) {
  const say = useSay();
  return (
    <Box
      as="nav"
      aria-label={say("orders.pages")}
      display="flex"
      justifyContent="space-between"
      alignItems="center"
      gap={3}
      paddingX={6}
      paddingY={4}
    >
      <Text size={3} className="quiet">
        {total === null ? say("orders.count.many") : say("orders.count", { count: total })}
      </Text>
      <Box display="flex" gap={2}>
        <Button
          variant="secondary"
          size="medium"
          disabled={!page.hasPreviousPage}
          onClick={() => {
            go({ before: page.startCursor ?? undefined });
          }}
        >
          {say("orders.previous")}
        </Button>
        <Button
          variant="secondary"
          size="medium"
          disabled={!page.hasNextPage}
          onClick={() => {
            go({ after: page.endCursor ?? undefined });
          }}
        >
          {say("orders.next")}
        </Button>
      </Box>
    </Box>
  );
}
