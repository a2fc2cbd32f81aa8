// The page for whoever opens an address of ours by itself, outside the Saleor dashboard.
import { Empty } from "./states";
import { useSay } from "../messages";

export function Outside() {
  const say = useSay();
  return (
    <div>
      <Empty title={say("outside.title")}>{say("outside.whatToDo")}</Empty>
    </div>
  );
}
