// A page's head and body, with the spacing of the dashboard's own pages.
import { Box, Text } from "@saleor/macaw-ui";
import { type ReactNode, useEffect } from "react";

import { Link } from "./Link";

type Props = {
  title: string;
  back?: { to: string; label: string };
  aside?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
};

export function Page({ title, back, aside, actions, children }: Props) {
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <>
      <Box as="header" className="head" paddingX={6} paddingY={4}>
        <Box display="flex" flexDirection="column" gap={1}>
          {back && (
            <Link to={back.to} className="back">
              ← {back.label}
            </Link>
          )}
          <Box display="flex" alignItems="center" gap={3} flexWrap="wrap">
            <Text as="h1" size={6} fontWeight="medium">
              {title}
            </Text>
            {aside}
          </Box>
        </Box>
        {actions !== undefined && (
          <Box display="flex" gap={2} flexWrap="wrap">
            {actions}
          </Box>
        )}
      </Box>
      {children}
    </>
  );
}

/** A part of a page under a heading of its own. */
export function Section({
  title,
  note,
  actions,
  children,
}: {
  title: string;
  note?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <Box as="section" aria-label={title} className="part" padding={6}>
      <Box display="flex" justifyContent="space-between" alignItems="center" gap={3}>
        <Text as="h2" size={4} fontWeight="medium">
          {title}
        </Text>
        {actions}
      </Box>
      {note !== undefined && (
        <Text as="p" size={2} className="quiet">
          {note}
        </Text>
      )}
      {children !== undefined && <Box marginTop={4}>{children}</Box>}
    </Box>
  );
}
