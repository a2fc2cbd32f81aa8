// One line of the log, and doing again what failed.
import { Button } from "@saleor/macaw-ui";

import { useDeed } from "../../api/act";
import { notify, useBridge } from "../../dashboard/bridge";
import { useSay } from "../../messages";
import { Chip } from "../../parts/Chip";
import { Link } from "../../parts/Link";
import { ProblemNote } from "../../parts/ProblemNote";
import { When } from "../../parts/When";
import { type LogEntry, ReadAgain, RetrySending } from "./documents";

function Retry({ entry }: { entry: LogEntry }) {
  const say = useSay();
  const bridge = useBridge();
  const sending = useDeed(RetrySending);
  const reading = useDeed(ReadAgain);
  const isSending = entry.kind === "SENT_TO_AMAZON";
  const retry = async () => {
    const done = isSending
      ? await sending.run({ id: entry.id })
      : await reading.run({ storeId: entry.store?.id ?? "" });
    if (done) notify(bridge, "success", say(isSending ? "logs.sentAgain" : "store.syncing"));
  };
  return (
    <>
      <Button
        size="small"
        variant="secondary"
        disabled={sending.busy || reading.busy}
        onClick={() => void retry()}
      >
        {say("held.retry")}
        <span className="unseen">
          {" "}
          {entry.operation} {entry.amazonOrderId}
        </span>
      </Button>
      <ProblemNote problem={sending.problem ?? reading.problem} />
    </>
  );
}

export function LogRow({ entry }: { entry: LogEntry }) {
  const say = useSay();
  return (
    <tr>
      <td>
        <When at={entry.at} />
      </td>
      <td>
        {entry.store === null ? (
          "–"
        ) : (
          <Link to={`/stores/${entry.store.id}`}>{entry.store.name}</Link>
        )}
        {entry.region !== null && <div className="quiet">{say(`region.${entry.region}`)}</div>}
      </td>
      <td>
        <span className="chips">
          <Chip tone={entry.kind === "COMMUNICATION_ERROR" ? "bad" : "plain"}>
            {say(`logKind.${entry.kind}`)}
          </Chip>
        </span>
        <div>
          <code>{entry.operation}</code>
        </div>
      </td>
      <td className="reasons">
        {entry.code !== null && (
          <>
            <code>{entry.code}</code>{" "}
          </>
        )}
        {entry.message}
        {entry.attempts > 1 && (
          <div className="quiet">{say("logs.attempts", { count: entry.attempts })}</div>
        )}
      </td>
      <td>
        {entry.order ? (
          <Link to={`/orders/${entry.order.id}`}>{entry.order.amazonOrderId}</Link>
        ) : (
          (entry.amazonOrderId ?? "–")
        )}
      </td>
      <td className="number">{entry.canRetry && <Retry entry={entry} />}</td>
    </tr>
  );
}
