// What Amazon shows of a parcel; as long as it shows none, how far telling it is.
import { sayOr } from "../format/words";
import { useSay } from "../messages";
import { OutboxChip } from "./OutboxChip";

type Parcel = { stateAtAmazon: string | null; outboxState: string | null };

export function ParcelState({ parcel }: { parcel: Parcel }) {
  const say = useSay();
  const state = parcel.stateAtAmazon;
  if (state !== null) return <>{sayOr(say, `parcelState.${state}`, state)}</>;
  return parcel.outboxState === null ? <>–</> : <OutboxChip state={parcel.outboxState} />;
}
