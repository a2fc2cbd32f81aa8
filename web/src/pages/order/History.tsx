// The tab "History": everything that happened to an order, newest first, in both directions.
import { useQuery } from "urql";

import { useSay } from "../../messages";
import { useAgain } from "../../parts/again";
import { Empty, Failed, Loading } from "../../parts/states";
import { When } from "../../parts/When";
import { OrderHistoryQuery } from "./documents";
import { EVERY_MS } from "./every";

export function History({ id }: { id: string }) {
  const say = useSay();
  const [{ data, error }, reload] = useQuery({ query: OrderHistoryQuery, variables: { id } });
  useAgain(reload, EVERY_MS);
  if (!data) return error ? <Failed error={error} retry={reload} /> : <Loading />;
  const history = data.order?.history ?? [];
  if (history.length === 0) {
    return <Empty title={say("history.none")}>{say("history.none.whatToDo")}</Empty>;
  }
  return (
    <div className="scrolls" tabIndex={0} role="region" aria-label={say("order.tab.history")}>
      <table className="table bleed">
        <thead>
          <tr>
            <th scope="col">{say("history.at")}</th>
            <th scope="col">{say("history.direction")}</th>
            <th scope="col">{say("history.who")}</th>
            <th scope="col">{say("history.what")}</th>
            <th scope="col">{say("history.answer")}</th>
          </tr>
        </thead>
        <tbody>
          {history.map((entry, at) => (
            <tr key={history.length - at}>
              <td>
                <When at={entry.at} timeZone={data.order?.marketplace?.timeZone} />
              </td>
              <td>{say(entry.direction === "IN" ? "history.in" : "history.out")}</td>
              <td>{entry.who === "app" ? say("history.app") : entry.who}</td>
              <td className="what">{entry.what}</td>
              <td className="what">{entry.answer ?? "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
