// Into which channel the orders of each marketplace go, and where their stock comes from.
import { Text } from "@saleor/macaw-ui";

import { useSay } from "../../messages";
import { Choice, FieldGroup } from "../../parts/fields";
import type { Channel, PartProps, StoreOfSettings, Warehouse } from "./documents";

type Marketplace = StoreOfSettings["marketplaces"][number];
type Props = PartProps & {
  marketplaces: readonly Marketplace[];
  channels: readonly Channel[];
  warehouses: readonly Warehouse[];
};

function ChannelOf({
  marketplace,
  draft,
  change,
  disabled,
  channels,
}: PartProps & { marketplace: Marketplace; channels: readonly Channel[] }) {
  const say = useSay();
  const fitting = channels.filter((one) => one.currency === marketplace.currency && one.isActive);
  const slug =
    draft.importInto.find((one) => one.marketplaceId === marketplace.id)?.channelSlug ?? "";
  const channel = channels.find((one) => one.slug === slug);
  const stock = channel?.warehouses.map((one) => one.name).join(", ");
  return (
    <Choice
      label={say("settings.channelOf", { marketplace: marketplace.name })}
      help={
        <>
          {fitting.length === 0 && say("settings.channel.none", { currency: marketplace.currency })}
          {channel && stock && say("settings.channel.stock", { warehouses: stock })}
          {channel && !stock && say("settings.channel.noStock")}{" "}
          {channel &&
            say(channel.confirmsByItself ? "settings.channel.confirms" : "settings.channel.asks")}
        </>
      }
      disabled={disabled}
      value={slug}
      options={[
        { value: "", label: say("settings.channel.unset") },
        ...fitting.map((one) => ({ value: one.slug, label: `${one.name} (${one.currency})` })),
      ]}
      onChange={(value) => {
        change({
          importInto: draft.importInto.map((one) =>
            one.marketplaceId === marketplace.id ? { ...one, channelSlug: value || null } : one,
          ),
        });
      }}
    />
  );
}

export function Channels({ marketplaces, channels, warehouses, ...part }: Props) {
  const say = useSay();
  const { draft, change, disabled } = part;
  return (
    <FieldGroup title={say("settings.channels")} note={say("settings.channels.note")}>
      {marketplaces.map((marketplace) => (
        <ChannelOf key={marketplace.id} {...part} marketplace={marketplace} channels={channels} />
      ))}
      <Text as="p" size={2} className="quiet">
        {say("settings.channels.own")}
      </Text>
      <Choice
        label={say("settings.fbaWarehouse")}
        help={say("settings.fbaWarehouse.help")}
        disabled={disabled}
        value={draft.fbaWarehouse ?? ""}
        options={[
          { value: "", label: say("settings.fbaWarehouse.first") },
          ...warehouses.map((one) => ({ value: one.slug, label: one.name })),
        ]}
        onChange={(value) => {
          change({ fbaWarehouse: value || null });
        }}
      />
    </FieldGroup>
  );
}
