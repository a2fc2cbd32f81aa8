// A dialog over the page: the browser's own, which keeps the keyboard inside and closes on Escape.
import { Box, Text } from "@saleor/macaw-ui";
import { type ReactNode, useEffect, useId, useRef } from "react";

type Props = { title: string; close: () => void; children: ReactNode; actions: ReactNode };

export function Dialog({ title, close, children, actions }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={titleId} onClose={close}>
      <Box display="flex" flexDirection="column" gap={4} padding={6}>
        <Text as="h2" id={titleId} size={5} fontWeight="medium">
          {title}
        </Text>
        {children}
        <Box display="flex" justifyContent="flex-end" gap={2}>
          {actions}
        </Box>
      </Box>
    </dialog>
  );
}
