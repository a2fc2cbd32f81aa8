// A short list of pairs that can be added to and taken from.
import { Button } from "@saleor/macaw-ui";
import type { ReactNode } from "react";

import { useSay } from "../messages";

type Props<Row> = {
  label: string;
  rows: readonly Row[];
  fresh: Row;
  disabled: boolean;
  onChange: (rows: Row[]) => void;
  children: (row: Row, set: (part: Partial<Row>) => void) => ReactNode;
};

export function RowsField<Row extends object>(props: Props<Row>) {
  const { label, rows, fresh, disabled, onChange, children } = props;
  const say = useSay();
  const set = (at: number) => (part: Partial<Row>) => {
    onChange(rows.map((row, index) => (index === at ? { ...row, ...part } : row)));
  };
  return (
    <fieldset className="rows" disabled={disabled}>
      <legend className="unseen">{label}</legend>
      {rows.map((row, index) => (
        <div key={index} className="row">
          {children(row, set(index))}
          <Button
            type="button"
            variant="tertiary"
            disabled={disabled}
            onClick={() => {
              onChange(rows.filter((_, other) => other !== index));
            }}
          >
            {say("rows.remove")}
          </Button>
        </div>
      ))}
      <Button
        type="button"
        variant="secondary"
        disabled={disabled}
        onClick={() => {
          onChange([...rows, fresh]);
        }}
      >
        {say("rows.add")}
      </Button>
    </fieldset>
  );
}
