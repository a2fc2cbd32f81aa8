// The first run: what has to be done before orders flow, and where; gone when all is done.
import { Box, Text } from "@saleor/macaw-ui";

import { type Key, useSay } from "../../messages";
import { Link } from "../../parts/Link";
import { useViewer } from "../../parts/viewer";

// A step that this version does not know is left out rather than shown without words.
const STEPS: Record<string, { words: Key; help: Key; to?: string }> = {
  CONNECT_STORE: { words: "checklist.connect", help: "checklist.connect.help", to: "/stores/new" },
  MAP_CHANNELS: { words: "checklist.channels", help: "checklist.channels.help" },
  SHIPPING_METHODS: { words: "checklist.shipping", help: "checklist.shipping.help" },
  FIRST_ORDER: { words: "checklist.order", help: "checklist.order.help", to: "/orders" },
};

export function Checklist() {
  const say = useSay();
  const { checklist, canManage } = useViewer();
  const known = checklist.flatMap(({ key, done }) => {
    const step = STEPS[key];
    return step ? [{ ...step, done }] : [];
  });
  if (!canManage || known.every((step) => step.done)) return null;
  const next = known.find((step) => !step.done);
  return (
    <Box as="section" aria-label={say("checklist.title")} className="checklist" marginX={6} padding={5}>
      <Text as="h2" size={4} fontWeight="medium">
        {say("checklist.title")}
      </Text>
      <ol>
        {known.map((step) => (
          <li key={step.words} className={step.done ? "done" : undefined}>
            <span aria-hidden="true" className="mark">
              {step.done ? "✓" : ""}
            </span>
            <div>
              {step === next && step.to ? (
                <Link to={step.to}>{say(step.words)}</Link>
              ) : (
                <span>{say(step.words)}</span>
              )}
              <span className="unseen">{say(step.done ? "checklist.done" : "checklist.open")}</span>
              {step === next && (
                <Text as="p" size={2} className="quiet">
                  {say(step.help)}
                </Text>
              )}
            </div>
          </li>
        ))}
      </ol>
    </Box>
  );
}
