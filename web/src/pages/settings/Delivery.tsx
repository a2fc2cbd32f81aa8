// What Amazon's service levels are in the shop, and what the shop's carriers are at Amazon.
import { useEffect, useState } from "react";
import { useClient, useQuery } from "urql";

import { useSay } from "../../messages";
import { RowsField } from "../../parts/RowsField";
import { Choice, FieldGroup, TextField } from "../../parts/fields";
import { CarriersQuery, MethodsQuery, type PartProps } from "./documents";

// Source: Orders API 2026-01-01, fulfillmentServiceLevel, read 2026-11-20.
const LEVELS = [
  "STANDARD",
  "EXPEDITED",
  "PRIORITY",
  "NEXT_DAY",
  "SECOND_DAY",
  "SAME_DAY",
  "SCHEDULED",
  "FREE_ECONOMY",
] as const;

/** The shipping methods of all chosen channels by name, with why one cannot be used. */
function useMethods(channelSlugs: readonly string[]): Map<string, string | null> {
  const client = useClient();
  const [methods, setMethods] = useState(new Map<string, string | null>());
  const asked = [...new Set(channelSlugs)].sort().join(" ");
  useEffect(() => {
    let wanted = true;
    const each = asked
      .split(" ")
      .filter(Boolean)
      .map((channelSlug) => client.query(MethodsQuery, { channelSlug }).toPromise());
    void Promise.all(each).then((answers) => {
      if (!wanted) return;
      const found = new Map<string, string | null>();
      for (const method of answers.flatMap((answer) => answer.data?.shippingMethods ?? [])) {
        // A name that one channel can use is usable, whatever another says.
        if (method.isUsable || !found.has(method.name)) {
          found.set(method.name, method.isUsable ? null : (method.whyNot ?? ""));
        }
      }
      setMethods(found);
    });
    return () => {
      wanted = false;
    };
  }, [asked, client]);
  return methods;
}

export function Delivery({
  draft,
  change,
  disabled,
  marketplaceId,
}: PartProps & { marketplaceId: string }) {
  const say = useSay();
  const methods = useMethods(draft.importInto.flatMap((one) => one.channelSlug ?? []));
  const [carriers] = useQuery({
    query: CarriersQuery,
    variables: { marketplaceId },
    pause: marketplaceId === "",
  });
  const chosen = new Map(draft.shippingMethods.map((one) => [one.serviceLevel, one.method]));
  const choose = (serviceLevel: string, method: string) => {
    const others = draft.shippingMethods.filter((one) => one.serviceLevel !== serviceLevel);
    change({ shippingMethods: method ? [...others, { serviceLevel, method }] : others });
  };
  return (
    <>
      <FieldGroup title={say("settings.shipping")} note={say("settings.shipping.note")}>
        {LEVELS.map((level) => (
          <Choice
            key={level}
            label={say(`serviceLevel.${level}`)}
            disabled={disabled}
            value={chosen.get(level) ?? ""}
            help={methods.get(chosen.get(level) ?? "") || undefined}
            options={[
              { value: "", label: say("settings.shipping.first") },
              ...[...methods.keys()].map((name) => ({ value: name, label: name })),
            ]}
            onChange={(method) => {
              choose(level, method);
            }}
          />
        ))}
      </FieldGroup>
      <FieldGroup title={say("settings.carriers")} note={say("settings.carriers.note")}>
        <RowsField
          label={say("settings.carriers")}
          rows={draft.carriers}
          fresh={{ saleor: "", amazon: "" }}
          disabled={disabled}
          onChange={(rows) => {
            change({ carriers: rows });
          }}
        >
          {(row, set) => (
            <>
              <TextField
                label={say("settings.carriers.saleor")}
                required
                disabled={disabled}
                value={row.saleor}
                onChange={(saleor) => {
                  set({ saleor });
                }}
              />
              <Choice
                label={say("settings.carriers.amazon")}
                disabled={disabled}
                value={row.amazon}
                options={(carriers.data?.amazonCarriers ?? []).map((code) => ({
                  value: code,
                  label: code,
                }))}
                onChange={(amazon) => {
                  set({ amazon });
                }}
              />
            </>
          )}
        </RowsField>
      </FieldGroup>
    </>
  );
}
