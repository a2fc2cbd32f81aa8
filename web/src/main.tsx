// Where the pages start: inside the dashboard they are drawn, elsewhere they say where to open them.
import "@saleor/macaw-ui/style";
import "./pages.css";

import { ThemeProvider } from "@saleor/macaw-ui";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./App";
import { isEmbedded } from "./dashboard/bridge";
import { MessagesProvider } from "./messages";
import { Outside } from "./parts/Outside";

const root = document.getElementById("root");
if (!root) throw new Error("the page has no root");
createRoot(root).render(
  <StrictMode>
    {isEmbedded ? (
      <App />
    ) : (
      <ThemeProvider defaultTheme="defaultLight">
        <MessagesProvider locale={navigator.language}>
          <Outside />
        </MessagesProvider>
      </ThemeProvider>
    )}
  </StrictMode>,
);
