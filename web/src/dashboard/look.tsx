// The pages look as the dashboard does: its theme and its language, also when they change.
import { ThemeProvider, useTheme } from "@saleor/macaw-ui";
import { type ReactNode, useEffect } from "react";

import { MessagesProvider } from "../messages";
import { useBridgeState } from "./bridge";

function ThemeOfDashboard(): null {
  const { theme } = useBridgeState();
  const { setTheme } = useTheme();
  useEffect(() => {
    setTheme(theme === "dark" ? "defaultDark" : "defaultLight");
    // For what Macaw does not colour.
    document.documentElement.dataset.theme = theme === "dark" ? "dark" : "light";
  }, [theme, setTheme]);
  return null;
}

export function Look({ children }: { children: ReactNode }) {
  const { locale, theme } = useBridgeState();
  return (
    <ThemeProvider defaultTheme={theme === "dark" ? "defaultDark" : "defaultLight"}>
      <ThemeOfDashboard />
      <MessagesProvider locale={locale}>{children}</MessagesProvider>
    </ThemeProvider>
  );
}
