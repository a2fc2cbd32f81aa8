// What the settings page asks, and the deed of saving.
import { graphql, type ResultOf } from "../../api/graphql";

export const SettingsQuery = graphql(`
  query Settings($id: ID!) {
    store(id: $id) {
      id
      name
      status
      statusReason
      marketplaces {
        id
        countryCode
        name
        currency
      }
      settings {
        importAmazonOrders
        importInto {
          marketplaceId
          channelSlug
        }
        importOrdersSince
        fbaWarehouse
        fbaOrders
        customer
        buyerEmail
        orderNumber
        newOrderStatus
        pendingOrders
        longestReservationHours
        unknownSku
        placeholderSku
        syncEveryMinutes
        shippingMethods {
          serviceLevel
          method
        }
        carriers {
          saleor
          amazon
        }
        cancelReason
        refundReason
        taxRates {
          countryCode
          rate
        }
      }
    }
    channels {
      slug
      name
      currency
      isActive
      confirmsByItself
      warehouses {
        slug
        name
      }
    }
    warehouses {
      slug
      name
    }
  }
`);

export type Asked = ResultOf<typeof SettingsQuery>;
export type StoreOfSettings = NonNullable<Asked["store"]>;
export type Channel = Asked["channels"][number];
export type Warehouse = Asked["warehouses"][number];

export const MethodsQuery = graphql(`
  query ShippingMethodsOfChannel($channelSlug: String!) {
    shippingMethods(channelSlug: $channelSlug) {
      id
      name
      zone
      isUsable
      whyNot
    }
  }
`);

export const CarriersQuery = graphql(`
  query AmazonCarriers($marketplaceId: String!) {
    amazonCarriers(marketplaceId: $marketplaceId)
  }
`);

export const SaveSettings = graphql(`
  mutation SaveSettings($storeId: ID!, $settings: StoreSettingsInput!) {
    saveSettings(storeId: $storeId, settings: $settings) {
      __typename
      ... on Store {
        id
        name
      }
      ... on Problem {
        code
        message
        field
        whatToDo
      }
    }
  }
`);

/** The settings as they stand on the page: what is saved, changed field by field. */
export type Draft = Omit<StoreOfSettings["settings"], "importOrdersSince">;
export type Change = (part: Partial<Draft>) => void;
/** What every part of the form gets. */
export type PartProps = { draft: Draft; change: Change; disabled: boolean };

/** What a store has, as something that can be changed and sent back. */
export function draftOf(store: StoreOfSettings): Draft {
  const { importInto, importOrdersSince: _, ...rest } = store.settings;
  const chosen = new Map(importInto.map((one) => [one.marketplaceId, one.channelSlug]));
  return {
    ...rest,
    importInto: store.marketplaces.map(({ id }) => ({
      marketplaceId: id,
      channelSlug: chosen.get(id) ?? null,
    })),
  };
}

/** Whether nothing is left half filled in; the browser asks for what a text field lacks. */
export const isWhole = (draft: Draft): boolean =>
  draft.carriers.every((one) => one.saleor && one.amazon) &&
  draft.taxRates.every((one) => /^[A-Z]{2}$/.test(one.countryCode) && one.rate);
