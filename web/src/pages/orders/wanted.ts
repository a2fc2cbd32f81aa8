// Which orders are wanted, as it stands in the address: a list that was found can be shared.
import type { VariablesOf } from "../../api/graphql";
import type { OrdersQuery } from "./query";

type Variables = VariablesOf<typeof OrdersQuery>;
type OrderFilter = NonNullable<Variables["filter"]>;
export type Sort = NonNullable<Variables["sort"]>;
export type SortField = Sort["field"];
export type OrderStatus = NonNullable<OrderFilter["statuses"]>[number];

/** What the form holds: texts as they were typed, days as `2026-11-20`, amounts as `19.99`. */
export type Wanted = {
  number: string;
  buyer: string;
  from: string;
  to: string;
  totalFrom: string;
  totalTo: string;
  currency: string;
  fulfilment: "" | "FBM" | "FBA";
  held: "" | "yes" | "no";
  statuses: OrderStatus[];
  stores: string[];
  marketplaces: string[];
};
export type Place = { after?: string; before?: string };
export type Asked = { wanted: Wanted; sort: Sort; place: Place };

export const NOTHING: Wanted = {
  number: "",
  buyer: "",
  from: "",
  to: "",
  totalFrom: "",
  totalTo: "",
  currency: "",
  fulfilment: "",
  held: "",
  statuses: [],
  stores: [],
  marketplaces: [],
};
export const STATUSES: OrderStatus[] = [
  "PENDING",
  "PENDING_AVAILABILITY",
  "UNSHIPPED",
  "PARTIALLY_SHIPPED",
  "SHIPPED",
  "CANCELED",
  "UNFULFILLABLE",
  "ERROR",
];
/** Which end of the list is of interest when a column is sorted by for the first time. */
export const FIRST: Record<SortField, Sort["direction"]> = {
  PURCHASED_AT: "DESC",
  AMAZON_ORDER_ID: "ASC",
  SALEOR_ORDER_NUMBER: "DESC",
  STATUS: "ASC",
  TOTAL: "DESC",
  FULFILMENT: "ASC",
  MARKETPLACE: "ASC",
  SHIP_BY: "ASC",
  LAST_NOTE: "DESC",
};
const ROWS = 50;
const NEWEST: Sort = { field: "PURCHASED_AT", direction: "DESC" };
const LISTS = { statuses: "status", stores: "store", marketplaces: "marketplace" } as const;
const TEXTS = ["number", "buyer", "from", "to", "totalFrom", "totalTo", "currency"] as const;

const oneOf = <T extends string>(value: string | null, known: readonly T[]): T | "" =>
  known.find((each) => each === value) ?? "";

const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

/** Reads an address; what stands in it that cannot be meant is left out. */
export function fromSearch(search: string): Asked {
  const query = new URLSearchParams(search);
  const wanted = { ...NOTHING };
  for (const name of TEXTS) wanted[name] = query.get(name) ?? "";
  if (!isDay(wanted.from)) wanted.from = "";
  if (!isDay(wanted.to)) wanted.to = "";
  wanted.totalFrom = amountOf(wanted.totalFrom) ?? "";
  wanted.totalTo = amountOf(wanted.totalTo) ?? "";
  wanted.fulfilment = oneOf(query.get("fulfilment"), ["FBM", "FBA"]);
  wanted.held = oneOf(query.get("held"), ["yes", "no"]);
  wanted.statuses = STATUSES.filter((status) => query.getAll("status").includes(status));
  wanted.stores = query.getAll("store");
  wanted.marketplaces = query.getAll("marketplace");
  const field = oneOf(query.get("sort"), Object.keys(FIRST) as SortField[]);
  const direction = oneOf(query.get("direction"), ["ASC", "DESC"]);
  return {
    wanted,
    sort: field ? { field, direction: direction || FIRST[field] } : NEWEST,
    place: { after: query.get("after") ?? undefined, before: query.get("before") ?? undefined },
  };
}

/** The address of a list. */
export function toAddress({ wanted, sort, place }: Asked): string {
  const query = new URLSearchParams();
  for (const name of [...TEXTS, "fulfilment", "held"] as const) {
    if (wanted[name]) query.set(name, wanted[name]);
  }
  for (const [name, inAddress] of Object.entries(LISTS)) {
    for (const each of wanted[name as keyof typeof LISTS]) query.append(inAddress, each);
  }
  if (sort.field !== NEWEST.field || sort.direction !== NEWEST.direction) {
    query.set("sort", sort.field);
    query.set("direction", sort.direction);
  }
  if (place.after) query.set("after", place.after);
  if (place.before) query.set("before", place.before);
  const search = query.toString();
  return search ? `/orders?${search}` : "/orders";
}

/** `19,99` and `1 999.50` as the API takes them; null for what is no amount. */
export function amountOf(text: string): string | null {
  const digits = text.replace(/[\s\u00a0\u202f']/g, "").replace(",", ".");
  return /^\d{1,12}(\.\d{1,4})?$/.test(digits) ? digits : null;
}

const startOf = (day: string): string => new Date(`${day}T00:00:00`).toISOString();
const endOf = (day: string): string => new Date(`${day}T23:59:59.999`).toISOString();

/** The filter as the API takes it; days are the user's own. */
export function toFilter(wanted: Wanted): OrderFilter {
  return {
    number: wanted.number.trim() || null,
    buyer: wanted.buyer.trim() || null,
    purchasedFrom: wanted.from ? startOf(wanted.from) : null,
    purchasedTo: wanted.to ? endOf(wanted.to) : null,
    totalFrom: wanted.totalFrom || null,
    totalTo: wanted.totalTo || null,
    currency: wanted.currency || null,
    fulfilment: wanted.fulfilment || null,
    held: wanted.held ? wanted.held === "yes" : null,
    statuses: wanted.statuses.length ? wanted.statuses : null,
    storeIds: wanted.stores.length ? wanted.stores : null,
    marketplaceIds: wanted.marketplaces.length ? wanted.marketplaces : null,
  };
}

export const isFiltered = (wanted: Wanted): boolean =>
  Object.values(wanted).some((value) => value.length > 0);

/** What is asked for, as the API takes it. */
export function toVariables({ wanted, sort, place }: Asked): Variables {
  const way = place.before ? { last: ROWS, before: place.before } : { first: ROWS, after: place.after };
  return { filter: toFilter(wanted), sort, ...way };
}
