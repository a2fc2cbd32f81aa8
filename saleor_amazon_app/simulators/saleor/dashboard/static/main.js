// The page around everything: who is looking, where they are, and what is shown there.

import { appPage, homePage, holds, installedPage, orderLinks } from "./apps.js";
import { open } from "./extensions.js";
import { el } from "./html.js";
import { orderPage } from "./order.js";
import { ordersPage } from "./orders.js";
import { Refused, ROLES, actAs, choice, choices, choose, graphql, limitTokens } from "./shop.js";

const ME = "query Me { me { id email userPermissions { code } } }";
const LOCALES = { en: "English", fr: "Français", it: "Italiano", nl: "Nederlands", de: "Deutsch" };
const THEMES = { light: "Light", dark: "Dark" };
const TOKENS = {
  long: "Last 5 minutes",
  short: "Last 10 seconds",
  stale: "Last 10 seconds, never renewed",
};
const MOUNTED_AT = "/dashboard";
const APP = /^\/extensions\/app\/([^/]+)(\/.*)?$/;

const main = document.getElementById("main");
const page = { navigate, refresh() {} };
let me;
let current;

const here = () => location.pathname.slice(MOUNTED_AT.length) || "/";

function navigate(path) {
  history.pushState(null, "", MOUNTED_AT + path);
  show();
}

async function show() {
  const path = here();
  const [, id, rest = ""] = APP.exec(path) ?? [];
  if (id && current?.appId === id) return current.follow(rest);
  leave();
  const turn = (current = { path, appId: id });
  main.setAttribute("aria-busy", "true");
  const made = await pageAt(path, id, rest).catch(failed);
  // Whoever went on meanwhile does not want this any more.
  if (current !== turn) return ending(made);
  Object.assign(current, made);
  main.replaceChildren(...made.nodes.filter(Boolean));
  main.removeAttribute("aria-busy");
  document.title = `${main.querySelector("h1")?.textContent} – Simulated shop`;
  drawLinks();
  return undefined;
}

async function pageAt(path, appId, rest) {
  const [, orderId] = /^\/orders\/([^/]+)\/?$/.exec(path) ?? [];
  if (appId) return appPage(page, decodeURIComponent(appId), rest);
  if (orderId) return orderPage(page, decodeURIComponent(orderId));
  if (path.startsWith("/orders")) return ordersPage(page);
  if (path.startsWith("/extensions")) return installedPage(page, me);
  return homePage(page, me);
}

function failed(error) {
  if (!(error instanceof Refused)) throw error;
  return { nodes: [el("h1", {}, "You cannot see this"), el("p", { role: "alert" }, error.message)] };
}

function leave() {
  ending(current);
  main.replaceChildren();
}

function ending(shown) {
  shown?.end?.();
  shown?.frames?.forEach((frame) => frame.end());
}

async function drawLinks() {
  const links = [{ label: "Home", path: "/" }];
  if (holds(me, [{ code: "MANAGE_ORDERS" }])) {
    links.push({ label: "Orders", path: "/orders" });
  }
  links.push(...(await orderLinks(me)));
  links.push({ label: "Extensions", path: "/extensions/installed" });
  document.getElementById("nav").replaceChildren(
    el("strong", {}, "Simulated shop"),
    el("ul", {}, links.map(link)),
  );
}

function link({ label, path, extension }) {
  const current = here() === path && "page";
  const opens = extension && extension.targetName !== "APP_PAGE";
  const click = opens
    ? (event) => (event.preventDefault(), event.stopPropagation(), open(extension, {}, page))
    : null;
  return el("li", {}, el("a", { href: MOUNTED_AT + path, "aria-current": current, click }, label));
}

// Links of this page do not load it again.
document.addEventListener("click", (event) => {
  const anchor = event.target.closest("a");
  const isPlain = !event.defaultPrevented && !event.metaKey && !event.ctrlKey && event.button === 0;
  if (!anchor || !isPlain || !anchor.pathname.startsWith(MOUNTED_AT)) return;
  event.preventDefault();
  navigate(anchor.pathname.slice(MOUNTED_AT.length) + anchor.search);
  main.focus();
});
window.addEventListener("popstate", show);

function select(label, name, options, act) {
  const entries = Object.entries(options);
  const chosen = el(
    "select",
    { name, change: () => act(chosen.value) },
    entries.map(([value, text]) => el("option", { value, selected: value === choice(name) }, text)),
  );
  return el("label", {}, label, chosen);
}

function drawBar() {
  const roles = Object.fromEntries(Object.entries(ROLES).map(([role, one]) => [role, one.label]));
  document.getElementById("bar").replaceChildren(
    el("span", {}, "Simulator"),
    select("Theme", "theme", THEMES, (theme) => choose("theme", theme)),
    select("Language", "locale", LOCALES, (locale) => choose("locale", locale)),
    select("Staff may do", "role", roles, changeRole),
    select("App tokens", "tokens", TOKENS, changeTokens),
  );
}

// The same person may do more or less: pages of apps learn it from their next token.
async function changeRole(role) {
  choose("role", role);
  await actAs(role);
  await identify();
  await drawLinks();
  if (current?.frames?.length) current.frames.forEach((frame) => frame.renew());
  else await show();
}

async function changeTokens(tokens) {
  choose("tokens", tokens);
  await limitTokens(tokens === "long" ? 300 : 10);
  current?.frames?.forEach((frame) => frame.renew());
}

async function identify() {
  ({ me } = await graphql(ME));
}

function dress() {
  document.documentElement.dataset.theme = choice("theme");
}

choices.addEventListener("theme", dress);
dress();
drawBar();
await actAs(choice("role"));
await identify();
await show();
