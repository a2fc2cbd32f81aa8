// The tab "Order and shipping": everything Amazon told of the order, and where it goes.
import { Box } from "@saleor/macaw-ui";
import { useQuery } from "urql";

import { useAgain } from "../../parts/again";
import { Failed, Loading } from "../../parts/states";
import { AddressForm } from "./AddressForm";
import { AddressShown } from "./AddressShown";
import { OrderShippingQuery } from "./documents";
import { EVERY_MS } from "./every";
import { Buyer, OrderFacts } from "./Facts";

export function Shipping({ id }: { id: string }) {
  const [{ data, error }, reload] = useQuery({ query: OrderShippingQuery, variables: { id } });
  useAgain(reload, EVERY_MS);
  if (!data) return error ? <Failed error={error} retry={reload} /> : <Loading />;
  const { order } = data;
  if (!order) return null;
  return (
    <div className="halves">
      <OrderFacts order={order} />
      <Box>
        {order.importState === "HELD" ? (
          <AddressForm order={order} />
        ) : (
          <AddressShown order={order} />
        )}
        <Buyer order={order} />
      </Box>
    </div>
  );
}
