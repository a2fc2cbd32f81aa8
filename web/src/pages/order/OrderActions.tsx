// The way from an order of the dashboard to the same order with us, or the word that it is not ours.
import { useEffect } from "react";
import { useQuery } from "urql";
import { useSearch } from "wouter";

import { graphql } from "../../api/graphql";
import { goTo } from "../../dashboard/routing";
import { useSay } from "../../messages";
import { Empty, Failed, Loading } from "../../parts/states";

const OrderOfHostQuery = graphql(`
  query OrderOfHost($saleorOrderId: ID!) {
    orderBySaleorId(saleorOrderId: $saleorOrderId) {
      id
    }
  }
`);

export default function OrderActions() {
  const say = useSay();
  const saleorOrderId = new URLSearchParams(useSearch()).get("orderId") ?? "";
  const [{ data, error }, reload] = useQuery({
    query: OrderOfHostQuery,
    variables: { saleorOrderId },
    pause: saleorOrderId === "",
  });
  const found = data?.orderBySaleorId?.id;
  useEffect(() => {
    if (found) goTo(`/orders/${found}`, { replace: true });
  }, [found]);
  if (error && !data) return <Failed error={error} retry={reload} />;
  if (saleorOrderId !== "" && (!data || found)) return <Loading />;
  return <Empty title={say("notFromAmazon")}>{say("notFromAmazon.whatToDo")}</Empty>;
}
