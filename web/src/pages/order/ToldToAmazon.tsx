// What Amazon was told of an order or is to be told, how far that is, and sending it once more.
import { Button } from "@saleor/macaw-ui";

import { useDeed } from "../../api/act";
import { type Key, useSay } from "../../messages";
import { OutboxChip } from "../../parts/OutboxChip";
import { Section } from "../../parts/Page";
import { ProblemNote } from "../../parts/ProblemNote";
import { When } from "../../parts/When";
import { RetryOutbox } from "./deeds";
import type { Told } from "./documents";

export function ToldToAmazon({ told, timeZone }: { told: readonly Told[]; timeZone?: string }) {
  const say = useSay();
  return (
    <Section title={say("told")} note={say("told.note")}>
      <div className="scrolls" tabIndex={0} role="group" aria-label={say("told")}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{say("told.kind")}</th>
              <th scope="col">{say("told.state")}</th>
              <th scope="col">{say("told.plannedAt")}</th>
              <th scope="col" className="number">
                {say("told.attempts")}
              </th>
              <th scope="col">{say("told.message")}</th>
              <th scope="col">
                <span className="unseen">{say("held.retry")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {told.map((one) => (
              <Row key={one.id} one={one} timeZone={timeZone} />
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function Row({ one, timeZone }: { one: Told; timeZone?: string }) {
  const say = useSay();
  const { run, busy, problem } = useDeed(RetryOutbox);
  return (
    <tr>
      <th scope="row">{say(`outboxKind.${one.kind}` as Key)}</th>
      <td>
        <OutboxChip state={one.state} />
      </td>
      <td>
        <When at={one.plannedAt} timeZone={timeZone} />
      </td>
      <td className="number">{one.attempts}</td>
      <td>
        {one.message ?? "–"}
        <ProblemNote problem={problem} />
      </td>
      <td className="number">
        {one.canRetry && (
          <Button
            size="small"
            variant="secondary"
            disabled={busy}
            onClick={() => void run({ id: one.id })}
          >
            {say("held.retry")}
          </Button>
        )}
      </td>
    </tr>
  );
}
