// Where a store sells: the marketplaces of its region, each with the channel its orders go into.
import { Checkbox, Text } from "@saleor/macaw-ui";

import { useSay } from "../../messages";
import { Choice } from "../../parts/fields";
import type { Offered, Region } from "./documents";

export type Chosen = { marketplaceId: string; channelSlug: string };
type Props = {
  offered: Offered;
  region: Region;
  chosen: readonly Chosen[];
  onChange: (chosen: Chosen[]) => void;
};

export function Marketplaces({ offered, region, chosen, onChange }: Props) {
  const say = useSay();
  const without = (id: string) => chosen.filter((one) => one.marketplaceId !== id);
  return (
    <ul className="marketplaces">
      {offered.amazonMarketplaces
        .filter((one) => one.region === region)
        .map(({ id, name, currency }) => {
          const entry = chosen.find((one) => one.marketplaceId === id);
          const fitting = offered.channels.filter(
            (one) => one.currency === currency && one.isActive,
          );
          return (
            <li key={id}>
              <Checkbox
                checked={entry !== undefined}
                disabled={fitting.length === 0}
                onCheckedChange={(checked) => {
                  const channelSlug = fitting[0]?.slug ?? "";
                  onChange(
                    checked === true
                      ? [...without(id), { marketplaceId: id, channelSlug }]
                      : without(id),
                  );
                }}
              >
                <Text size={3}>
                  {name} ({currency})
                </Text>
              </Checkbox>
              {fitting.length === 0 && (
                <Text as="p" size={2} className="quiet">
                  {say("settings.channel.none", { currency })}
                </Text>
              )}
              {entry && (
                <Choice
                  label={say("settings.channelOf", { marketplace: name })}
                  value={entry.channelSlug}
                  options={fitting.map((one) => ({ value: one.slug, label: one.name }))}
                  onChange={(channelSlug) => {
                    onChange([...without(id), { marketplaceId: id, channelSlug }]);
                  }}
                />
              )}
            </li>
          );
        })}
    </ul>
  );
}
