// An app inside the dashboard: its iframe, its token, and the messages both send each other.
// What the real dashboard (3.23.27) does is done alike, its oddities included: an app has to live
// with them.

import { el, toast } from "./html.js";
import { choice, choices } from "./shop.js";

const VERSIONS = { version: 1, saleorVersion: "3.23.28", dashboardVersion: "3.23.27" };
const SANDBOX = "allow-same-origin allow-forms allow-scripts allow-downloads allow-popups";
const HIGHEST_WIDGET = 5000;
const MOUNTED_AT = "/dashboard";

export const appPath = (appId) => `/extensions/app/${encodeURIComponent(appId)}`;

export const joined = (...parts) => parts.join("/").replace(/(?<!:)\/{2,}/g, "/");

const query = (values) =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join("&");

export function frameAddress(appId, url, values) {
  const saleorApiUrl = new URL("/graphql/", location.origin).href;
  const context = { domain: location.host, saleorApiUrl, id: appId, ...values };
  const parts = [location.search.slice(1), query(context)].filter(Boolean).join("&");
  return url + (url.includes("?") ? "&" : "?") + parts;
}

/**
 * Embeds an app.
 *
 * target: APP_PAGE, WIDGET or POPUP; a popup's token is never renewed.
 * params: what the place tells the app, such as `orderId`.
 * renew: fetches another token.
 * height: at first, in pixels; without one it fills its place.
 * host: `navigate(path)`, `closePopup()` and `refresh()` of the page around it.
 */
export function embed({ appId, url, token, target, label, params = {}, renew, height, host }) {
  const origin = new URL(url).origin;
  const flags = { "featureFlags[simulated][enabled]": "false" };
  // Later themes are sent; putting them here would load the page again.
  const theme = choice("theme");
  const frame = el("iframe", { class: `app ${target.toLowerCase()}`, sandbox: SANDBOX, title: label });
  let greeted = false;
  let shown;
  let timer;

  const post = (type, payload) => frame.contentWindow?.postMessage({ type, payload }, origin);
  const handshake = () => post("handshake", { token, ...VERSIONS });
  const sendTheme = () => greeted && post("theme", { theme: choice("theme") });
  const sendLocale = () => greeted && post("localeChanged", { locale: choice("locale") });

  function greet() {
    if (greeted) return;
    greeted = true;
    sendLocale();
    sendTheme();
    post("redirect", { path: location.pathname });
  }

  const actions = actionsOf({ appId, target, frame, host, greet: () => (handshake(), greet()) });

  // Like the real one it looks at the origin only: a second frame of the same app hears it too.
  function hear({ origin: from, data }) {
    if (from !== origin || !data?.type || !data?.payload?.actionId) return;
    if (!(data.type in actions)) {
      console.warn(`${data.type} action is invalid.`);
      return;
    }
    const ok = actions[data.type](data.payload);
    post("response", { actionId: data.payload.actionId, ok });
  }

  async function renewToken() {
    // Whoever lost a permission of the extension gets none: the app is sent an empty one.
    const renewed = (await renew()) ?? "";
    if (renewed !== token) {
      token = renewed;
      // With another token the real one looks at its own address again: another query in it than
      // before loads the frame anew, at the path that the dashboard itself led to.
      place();
      if (greeted) post("tokenRefresh", { token });
    }
    schedule();
  }

  function schedule() {
    clearTimeout(timer);
    if (!renew || !token) return;
    const { iat, exp } = JSON.parse(atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")));
    // Thirty seconds before five minutes are over, and never more often than that.
    const ahead = (exp - iat) * 100;
    timer = setTimeout(
      () => (choice("tokens") === "stale" ? schedule() : renewToken()),
      Math.max(exp * 1000 - ahead - Date.now(), ahead),
    );
  }

  // Another path loads the frame anew; another query, or a way back to where the dashboard itself
  // led last, does not: then it is the app that has to know.
  function show(shownUrl) {
    if (shownUrl === shown) return;
    shown = shownUrl;
    place();
  }

  function place() {
    const address = frameAddress(appId, shown, { ...params, ...flags, theme });
    if (frame.getAttribute("src") !== address) frame.src = address;
  }

  if (height) frame.style.height = `${height}px`;
  frame.addEventListener("load", () => {
    if (frame.isConnected) {
      handshake();
      greet();
    }
  });
  window.addEventListener("message", hear);
  choices.addEventListener("theme", sendTheme);
  choices.addEventListener("locale", sendLocale);
  show(url);
  schedule();

  return {
    node: frame,
    show,
    renew: renewToken,
    end() {
      clearTimeout(timer);
      window.removeEventListener("message", hear);
      choices.removeEventListener("theme", sendTheme);
      choices.removeEventListener("locale", sendLocale);
      frame.remove();
    },
  };
}

// What an app may ask for; each tells whether it was done.
function actionsOf({ appId, target, frame, host, greet }) {
  return {
    notifyReady() {
      greet();
      return true;
    },
    notification(payload) {
      toast(payload);
      return true;
    },
    redirect({ to, newContext }) {
      if (to.startsWith("/")) {
        if (newContext) window.open(joined(MOUNTED_AT, to));
        else host.navigate(to);
        return true;
      }
      if (new URL(to).host === location.host) return false;
      if (newContext) {
        window.open(to);
        return true;
      }
      const agreed = confirm("You are about to leave the Dashboard. Do you want to continue?");
      if (agreed) location.href = to;
      return agreed;
    },
    updateRouting({ newRoute }) {
      const path = joined(MOUNTED_AT, appPath(appId), newRoute);
      if (location.pathname !== path) history.pushState(null, "", path);
      return true;
    },
    popupClose() {
      host.closePopup();
      return true;
    },
    refreshEntity() {
      host.refresh();
      return true;
    },
    widgetResize({ height }) {
      if (Number.isFinite(height) && height > 0)
        frame.style.height = `${Math.min(Math.ceil(height), HIGHEST_WIDGET)}px`;
      return true;
    },
    openPopup() {
      console.error(`No extension of this page has an identifier (asked from ${target}).`);
      return false;
    },
  };
}
