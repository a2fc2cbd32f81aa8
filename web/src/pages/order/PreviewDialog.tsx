// What would become of an order if it were imported now; nothing is written.
import { Button, Text } from "@saleor/macaw-ui";
import { useEffect, useState } from "react";

import { useDeed } from "../../api/act";
import type { ResultOf } from "../../api/graphql";
import { useSay } from "../../messages";
import { Amount } from "../../parts/Amount";
import { Dialog } from "../../parts/Dialog";
import { ProblemNote } from "../../parts/ProblemNote";
import { Loading } from "../../parts/states";
import { PreviewOrder } from "./deeds";
import type { OrderHead } from "./documents";
import { ReasonList } from "./Reasons";

type Preview = Extract<
  ResultOf<typeof PreviewOrder>["previewOrder"],
  { __typename: "Preview" }
>;

export function PreviewDialog({ order, close }: { order: OrderHead; close: () => void }) {
  const say = useSay();
  const { run, busy, problem } = useDeed(PreviewOrder);
  const [preview, setPreview] = useState<Preview | null>(null);
  useEffect(() => {
    void run({ orderId: order.id }).then(setPreview);
    // Asked once, when the dialog opens.
  }, []);
  return (
    <Dialog
      title={say("order.preview.title", { number: order.amazonOrderId })}
      close={close}
      actions={
        <Button variant="secondary" onClick={close}>
          {say("order.close")}
        </Button>
      }
    >
      {busy && <Loading />}
      <ProblemNote problem={problem} />
      {preview && <Outcome preview={preview} storeId={order.store.id} />}
    </Dialog>
  );
}

function Outcome({ preview, storeId }: { preview: Preview; storeId: string }) {
  const say = useSay();
  return (
    <>
      <Text as="p" size={3} fontWeight="medium">
        {preview.text}
      </Text>
      <ReasonList reasons={preview.reasons} storeId={storeId} />
      {preview.lines.length > 0 && (
        <div className="scrolls">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{say("item.title")}</th>
                <th scope="col" className="number">
                  {say("item.quantity")}
                </th>
                <th scope="col" className="number">
                  {say("orders.column.total")}
                </th>
              </tr>
            </thead>
            <tbody>
              {preview.lines.map((line, at) => (
                <tr key={at}>
                  <td>
                    {line.name}
                    {line.sku !== null && <div className="quiet">{line.sku}</div>}
                  </td>
                  <td className="number">{line.quantity}</td>
                  <td className="number">
                    <Amount of={line.total} />
                  </td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <td colSpan={2}>{say("item.shipping")}</td>
                <td className="number">
                  <Amount of={preview.shipping} />
                </td>
              </tr>
              <tr>
                <th scope="row" colSpan={2}>
                  {say("orders.column.total")}
                </th>
                <td className="number">
                  <Amount of={preview.total} />
                </td>
              </tr>
            </tfoot>
          </table>
        </div>
      )}
      {preview.notes.map((note) => (
        <Text key={note} as="p" size={3} className="quiet">
          {note}
        </Text>
      ))}
    </>
  );
}
