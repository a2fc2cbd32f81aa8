// The connected stores, a card each, and what is left to do when the app is new.
import { Box, Button } from "@saleor/macaw-ui";
import { useQuery } from "urql";

import { goTo } from "../../dashboard/routing";
import { useSay } from "../../messages";
import { Page } from "../../parts/Page";
import { Empty, Failed, Loading } from "../../parts/states";
import { useViewer } from "../../parts/viewer";
import { Checklist } from "./Checklist";
import { StoresQuery } from "./documents";
import { StoreCard } from "./StoreCard";

// An empty list holds no store by which a change would be noticed.
const CONTEXT = { additionalTypenames: ["Store"] };

export default function Stores() {
  const say = useSay();
  const { canSeeOrders, canManage } = useViewer();
  const [{ data, error }, reload] = useQuery({
    query: StoresQuery,
    variables: { withSales: canSeeOrders },
    context: CONTEXT,
  });
  const add = canManage && (
    <Button
      onClick={() => {
        goTo("/stores/new");
      }}
    >
      {say("stores.add")}
    </Button>
  );
  return (
    <Page title={say("stores.title")} actions={add}>
      <Checklist />
      {!data && (error ? <Failed error={error} retry={reload} /> : <Loading />)}
      {data?.stores.length === 0 && (
        <Empty title={say("stores.none")} action={add}>
          {say(canManage ? "stores.none.whatToDo" : "stores.none.ask")}
        </Empty>
      )}
      {data && data.stores.length > 0 && (
        <Box as="ul" className="cards" padding={6}>
          {data.stores.map((store) => (
            <li key={store.id}>
              <StoreCard store={store} />
            </li>
          ))}
        </Box>
      )}
    </Page>
  );
}
