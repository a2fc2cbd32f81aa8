// What installed apps add to a page, and how each of it opens.

import { appPath, embed, frameAddress } from "./frames.js";
import { button, card, el, openDialog } from "./html.js";
import { graphql } from "./shop.js";

const WIDGET_HEIGHT = 200;
const HOME_WIDGET_HEIGHT = 320;

const EXTENSIONS = `query ExtensionList($mounts: [String!]) {
  appExtensions(filter: { mountName: $mounts }, first: 100) {
    edges { node {
      id label url mountName targetName settings accessToken
      permissions { code } app { id name appUrl }
    } }
  }
}`;

export async function extensionsAt(...mounts) {
  const { appExtensions } = await graphql(EXTENSIONS, { mounts });
  return appExtensions.edges.map((edge) => edge.node);
}

const absolute = ({ url, app }) => (/^https?:/.test(url) ? url : app.appUrl + url);

export const pathOf = ({ url, app }) => appPath(app.id) + url;

// Opens what a menu item stands for.
export function open(extension, params, page) {
  const search = new URLSearchParams(params).toString();
  if (extension.targetName === "APP_PAGE") {
    page.navigate(pathOf(extension) + (search && `?${search}`));
  } else if (extension.targetName === "NEW_TAB") {
    window.open(absolute(extension) + (search && `?${search}`));
  } else {
    popup(extension, params, page);
  }
}

function popup(extension, params, page) {
  const frame = embed({
    appId: extension.app.id,
    url: absolute(extension),
    token: extension.accessToken ?? "",
    target: "POPUP",
    label: extension.label,
    params,
    host: { ...page, closePopup: () => dialog.close() },
  });
  const dialog = openDialog(extension.label, frame.node, {
    class: "popup",
    close: () => (frame.end(), dialog.remove()),
  });
}

export function menu(extensions, params, page) {
  if (!extensions.length) return null;
  const items = extensions.map((extension) =>
    el("li", {}, button(extension.label, () => open(extension, params, page))),
  );
  return el("details", { class: "menu" }, el("summary", {}, "More actions"), el("ul", {}, items));
}

// Cards with the widgets of a page; the frames have to be ended with it.
export function widgets(extensions, params, page) {
  const frames = [];
  const cards = extensions.map((extension) => {
    if (extension.targetName !== "WIDGET")
      return el("p", {}, button(extension.label, () => open(extension, params, page)));
    if (methodOf(extension) !== "GET")
      return card(extension.label, el("p", {}, "Widgets that are posted to are not simulated."));
    const isHome = extension.mountName === "HOMEPAGE_WIDGETS";
    const frame = embed({
      appId: extension.app.id,
      // The real one puts its parameters into the address of an order's widget twice.
      url: isHome ? absolute(extension) : frameAddress(extension.app.id, absolute(extension), {}),
      height: isHome ? HOME_WIDGET_HEIGHT : WIDGET_HEIGHT,
      token: extension.accessToken ?? "",
      target: "WIDGET",
      label: extension.label,
      params,
      host: { ...page, closePopup() {} },
      renew: async () => {
        const all = await extensionsAt(extension.mountName);
        return all.find((one) => one.id === extension.id)?.accessToken;
      },
    });
    frames.push(frame);
    return card(extension.label, frame.node);
  });
  return { cards, frames };
}

// The home page posts unless told otherwise, the others do not.
function methodOf({ mountName, settings }) {
  const isHome = mountName === "HOMEPAGE_WIDGETS";
  const asked = isHome ? settings.homeWidgetTarget : settings.widgetTarget;
  return asked?.method ?? (isHome ? "POST" : "GET");
}
