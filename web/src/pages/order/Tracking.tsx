// The tab "Tracking": the parcels as Amazon knows them, and what Amazon was told or is to be told.
import { useQuery } from "urql";

import { useSay } from "../../messages";
import { useAgain } from "../../parts/again";
import { Section } from "../../parts/Page";
import { ParcelState } from "../../parts/ParcelState";
import { Failed, Loading } from "../../parts/states";
import { When } from "../../parts/When";
import { OrderTrackingQuery, type Parcel } from "./documents";
import { EVERY_MS } from "./every";
import { ToldToAmazon } from "./ToldToAmazon";

export function Tracking({ id }: { id: string }) {
  const say = useSay();
  const [{ data, error }, reload] = useQuery({ query: OrderTrackingQuery, variables: { id } });
  useAgain(reload, EVERY_MS);
  if (!data) return error ? <Failed error={error} retry={reload} /> : <Loading />;
  if (!data.order) return null;
  const { parcels, outbox, marketplace } = data.order;
  return (
    <>
      <Section
        title={say("parcels")}
        note={parcels.length === 0 ? say("parcels.none") : undefined}
      >
        {parcels.length > 0 && <Parcels parcels={parcels} timeZone={marketplace?.timeZone} />}
      </Section>
      {outbox.length > 0 && <ToldToAmazon told={outbox} timeZone={marketplace?.timeZone} />}
    </>
  );
}

function Parcels({ parcels, timeZone }: { parcels: readonly Parcel[]; timeZone?: string }) {
  const say = useSay();
  return (
    <div className="scrolls" tabIndex={0} role="group" aria-label={say("parcels")}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{say("parcel.reference")}</th>
            <th scope="col">{say("parcel.items")}</th>
            <th scope="col">{say("parcel.carrier")}</th>
            <th scope="col">{say("parcel.method")}</th>
            <th scope="col">{say("parcel.trackingNumber")}</th>
            <th scope="col">{say("parcel.shippedAt")}</th>
            <th scope="col">{say("parcel.atAmazon")}</th>
          </tr>
        </thead>
        <tbody>
          {parcels.map((parcel) => (
            <tr key={parcel.reference}>
              <th scope="row">{parcel.reference}</th>
              <td>
                {parcel.items.map((item) => (
                  <div key={item.itemId}>
                    {item.quantity} × {item.title || item.itemId}
                  </div>
                ))}
              </td>
              <td>{parcel.carrier ?? "–"}</td>
              <td>{parcel.method ?? "–"}</td>
              <td>{parcel.trackingNumber ?? "–"}</td>
              <td>
                <When at={parcel.shippedAt} timeZone={timeZone} />
              </td>
              <td>
                <ParcelState parcel={parcel} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
