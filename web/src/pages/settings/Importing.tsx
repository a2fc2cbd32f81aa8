// Whether and from when orders are imported, and how often Amazon is asked.
import { Text } from "@saleor/macaw-ui";

import { dateTime } from "../../format/dates";
import { useWords } from "../../messages";
import { Choice, FieldGroup, TextField } from "../../parts/fields";
import type { PartProps } from "./documents";

// Amazon's limits allow about one search in three minutes; five leave room for the rest.
const LEAST_MINUTES = 5;
const MOST_MINUTES = 1440;

export function Importing({ draft, change, disabled, since }: PartProps & { since: string | null }) {
  const { say, locale } = useWords();
  return (
    <FieldGroup title={say("settings.importing")} note={say("settings.importing.note")}>
      <Choice
        label={say("settings.importAmazonOrders")}
        help={say("settings.importAmazonOrders.help")}
        value={draft.importAmazonOrders}
        options={[
          { value: "ENABLED", label: say("settings.importAmazonOrders.ENABLED") },
          { value: "DISABLED", label: say("settings.importAmazonOrders.DISABLED") },
        ]}
        onChange={(value) => {
          change({ importAmazonOrders: value as typeof draft.importAmazonOrders });
        }}
      />
      {since !== null && (
        <Text as="p" size={2} className="quiet">
          {say("settings.importOrdersSince", { moment: dateTime(since, locale) })}
        </Text>
      )}
      <TextField
        type="number"
        label={say("settings.syncEveryMinutes")}
        help={say("settings.syncEveryMinutes.help", { least: LEAST_MINUTES })}
        disabled={disabled}
        min={LEAST_MINUTES}
        max={MOST_MINUTES}
        value={String(draft.syncEveryMinutes)}
        onChange={(value) => {
          change({ syncEveryMinutes: Math.trunc(Number(value)) });
        }}
      />
    </FieldGroup>
  );
}
