// Tells the page that began the consent what became of it, and closes this one if all went well.
// A frame of another site has storage of its own, so that the channel does not reach every page:
// what opened this page is told as well.
"use strict";

const { outcome, state } = document.body.dataset;
const message = { type: "saleor-amazon-consent", outcome, state };
const channel = new BroadcastChannel("saleor-amazon-consent");
channel.postMessage(message);
channel.close();
if (window.opener) {
  window.opener.postMessage(message, window.location.origin);
}
if (outcome === "CONNECTED" || outcome === "REAUTHORISED") {
  setTimeout(() => window.close(), 3000);
}
