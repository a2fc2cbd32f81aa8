// A dialog over the page: the browser's own, which keeps the keyboard inside and closes on Escape.
import { Box, Text } from "@saleor/macaw-ui";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from "react";

type Props = { title: string; close: () => void; children: ReactNode; actions: ReactNode };

const FOCUSABLE = ":is(a[href], button, input, select, textarea, [tabindex='0']):not(:disabled)";

/** Radio buttons of one group are one stop of the Tab key. */
function isSameStop(one: Element | undefined, other: Element | null): boolean {
  if (one === other) return true;
  const areRadios = one?.matches("[type='radio']") && other?.matches("[type='radio']");
  return Boolean(areRadios) && one?.getAttribute("name") === other?.getAttribute("name");
}

/** From the last field on to the first: in a frame, Tab would otherwise leave for the dashboard. */
function stayInside(event: KeyboardEvent<HTMLDialogElement>): void {
  if (event.key !== "Tab") return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>(FOCUSABLE)];
  const [end, start] = event.shiftKey ? [all[0], all.at(-1)] : [all.at(-1), all[0]];
  if (!isSameStop(end, document.activeElement)) return;
  event.preventDefault();
  start?.focus();
}

export function Dialog({ title, close, children, actions }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={titleId}
      onClose={close}
      onKeyDown={stayInside}
    >
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
