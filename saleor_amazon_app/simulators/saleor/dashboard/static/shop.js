// The shop's API as the chosen member of staff, and what was chosen in the header.

export const ROLES = {
  everything: { label: "Everything", permissions: null },
  orders: { label: "Orders only", permissions: ["MANAGE_ORDERS"] },
  nothing: { label: "Nothing", permissions: [] },
};

// What is chosen is kept for the next visit; whoever depends on it listens.
export const choices = new EventTarget();

const kept = (name, otherwise) => localStorage.getItem(`shop-${name}`) ?? otherwise;

const chosen = {
  theme: kept("theme", matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"),
  locale: kept("locale", "en"),
  role: kept("role", "everything"),
  tokens: kept("tokens", "long"),
};

export const choice = (name) => chosen[name];

export function choose(name, value) {
  chosen[name] = value;
  localStorage.setItem(`shop-${name}`, value);
  choices.dispatchEvent(new Event(name));
}

let staffToken = kept("staff", "");

async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  if (path === "/graphql/") headers.Authorization = `Bearer ${staffToken}`;
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  return answer.json();
}

// Lets the member of staff in, or changes what they may do: the same person before and after.
export async function actAs(role) {
  const permissions = ROLES[role].permissions ?? (await everyPermission());
  staffToken = (await post("/_simulator/staff", { token: staffToken, permissions })).token;
  localStorage.setItem("shop-staff", staffToken);
}

async function everyPermission() {
  const query = '{ __type(name: "PermissionEnum") { enumValues { name } } }';
  return (await graphql(query)).__type.enumValues.map((value) => value.name);
}

export const limitTokens = (seconds) => post("/_simulator/token-lifetime", { seconds });

export class Refused extends Error {}

export async function graphql(query, variables = {}) {
  const { data, errors } = await post("/graphql/", { query, variables });
  if (errors) throw new Refused(errors.map((error) => error.message).join(" "));
  return data;
}

// Carries a mutation out; tells the host's reasons for refusing it, or nothing.
export async function carryOut(mutation, variables, keep = () => {}) {
  try {
    const [answer] = Object.values(await graphql(mutation, variables));
    keep(answer);
    return answer.errors.map((error) => `${error.code}: ${error.message ?? ""}`).join(" ");
  } catch (refused) {
    if (refused instanceof Refused) return refused.message;
    throw refused;
  }
}

export function money({ amount, currency }) {
  return new Intl.NumberFormat(choice("locale"), { style: "currency", currency }).format(amount);
}

export function moment(text) {
  const form = { dateStyle: "medium", timeStyle: "short" };
  return new Intl.DateTimeFormat(choice("locale"), form).format(new Date(text));
}
