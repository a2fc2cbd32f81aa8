// The rate of each country, where Amazon reports no tax although the price contains it.
import { useState } from "react";

import { isPercent, percentOf, rateOf } from "../../format/percent";
import { useSay } from "../../messages";
import { RowsField } from "../../parts/RowsField";
import { FieldGroup, TextField } from "../../parts/fields";
import type { PartProps } from "./documents";

function Rate({ rate, set, disabled }: { rate: string; set: (rate: string) => void; disabled: boolean }) {
  const say = useSay();
  // What is typed stays as it is typed; only a whole percentage becomes a rate.
  const [typed, setTyped] = useState(rate ? percentOf(rate) : "");
  return (
    <TextField
      label={say("settings.taxRates.rate")}
      required
      disabled={disabled}
      error={typed !== "" && !isPercent(typed) ? say("settings.taxRates.wrong") : null}
      value={typed}
      onChange={(value) => {
        setTyped(value);
        set(isPercent(value) ? rateOf(value) : "");
      }}
    />
  );
}

export function TaxRates({ draft, change, disabled }: PartProps) {
  const say = useSay();
  return (
    <FieldGroup title={say("settings.taxRates")} note={say("settings.taxRates.note")}>
      <RowsField
        label={say("settings.taxRates")}
        rows={draft.taxRates}
        fresh={{ countryCode: "", rate: "" }}
        disabled={disabled}
        onChange={(rows) => {
          change({ taxRates: rows });
        }}
      >
        {(row, set) => (
          <>
            <TextField
              label={say("settings.taxRates.country")}
              required
              disabled={disabled}
              value={row.countryCode}
              onChange={(value) => {
                set({ countryCode: value.toUpperCase().slice(0, 2) });
              }}
            />
            <Rate
              rate={row.rate}
              disabled={disabled}
              set={(rate) => {
                set({ rate });
              }}
            />
          </>
        )}
      </RowsField>
    </FieldGroup>
  );
}
