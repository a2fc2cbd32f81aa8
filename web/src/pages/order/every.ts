/** How often an order is looked at again while its page is open: what happens shows up by itself. */
export const EVERY_MS = 10_000;
