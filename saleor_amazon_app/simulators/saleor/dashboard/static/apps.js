// The pages on which apps show themselves: the home page, the installed ones, and an app's own.

import { extensionsAt, pathOf, widgets } from "./extensions.js";
import { appPath, embed, joined } from "./frames.js";
import { card, el } from "./html.js";
import { graphql } from "./shop.js";

const APPS = `query InstalledApps {
  apps(first: 100) { edges { node { id identifier name version isActive appUrl } } }
}`;
const APP = `query App($id: ID!) { app(id: $id) { id name appUrl accessToken } }`;

export const holds = (me, permissions) =>
  permissions.every(({ code }) => me.userPermissions.some((one) => one.code === code));

export async function homePage(page, me) {
  const offered = await extensionsAt("HOMEPAGE_WIDGETS");
  const allowed = offered.filter((extension) => holds(me, extension.permissions));
  const { cards, frames } = widgets(allowed, {}, page);
  const hello = el(
    "p",
    { class: "quiet" },
    "This stands for your Saleor dashboard. Orders arrive in ",
    el("a", { href: "/dashboard/orders" }, "Orders"),
    "; ship one and see what Amazon is told.",
  );
  return { nodes: [el("h1", {}, "Home"), hello, el("div", { class: "grid" }, cards)], frames };
}

export async function installedPage(page, me) {
  const { apps } = await graphql(APPS);
  const mayManage = holds(me, [{ code: "MANAGE_APPS" }]);
  const problems = mayManage ? await (await fetch("/_simulator/problems")).json() : [];
  const cards = apps.edges
    .filter(({ node }) => node.appUrl)
    .map(({ node }) =>
      card(
        `${node.name} ${node.version}`,
        el("p", { class: "quiet" }, node.identifier),
        el("a", { href: `/dashboard${appPath(node.id)}` }, "Open the app"),
      ),
    );
  const told = problems.map((problem) =>
    el("p", { class: problem.isCritical ? "problem" : "" }, problem.message),
  );
  const issues = told.length ? card("Issues", told) : null;
  return { nodes: [el("h1", {}, "Installed extensions"), issues, el("div", { class: "grid" }, cards)] };
}

// An app's own page: the address after the app's id is the address inside the app.
export async function appPage(page, id, rest) {
  const read = async () => (await graphql(APP, { id })).app;
  const app = await read();
  if (!app?.appUrl) return { nodes: [el("h1", {}, "There is no such extension")] };
  const frame = embed({
    appId: id,
    url: joined(app.appUrl, rest),
    token: app.accessToken ?? "",
    target: "APP_PAGE",
    label: app.name,
    renew: async () => (await read())?.accessToken,
    host: { ...page, closePopup() {} },
  });
  const bar = el("div", { class: "head" }, el("h1", {}, app.name));
  return {
    nodes: [bar, el("div", { class: "stage" }, frame.node)],
    frames: [frame],
    // Within one app only the frame goes to another address.
    follow: (path) => frame.show(joined(app.appUrl, path)),
  };
}

export async function orderLinks(me) {
  const offered = await extensionsAt("NAVIGATION_ORDERS");
  return offered
    .filter((extension) => holds(me, extension.permissions))
    .map((extension) => ({ label: extension.label, path: pathOf(extension), extension }));
}
