// How far something is that Amazon is to be told.
import { type Key, useSay } from "../messages";
import { Chip, type Tone } from "./Chip";

const TONES: Record<string, Tone> = {
  WAITING: "careful",
  PLANNED: "plain",
  SENDING: "plain",
  ACCEPTED: "info",
  CONFIRMED: "good",
  REFUSED: "bad",
  UNKNOWN: "bad",
};

export function OutboxChip({ state }: { state: string }) {
  const say = useSay();
  return <Chip tone={TONES[state] ?? "plain"}>{say(`outboxState.${state}` as Key)}</Chip>;
}
