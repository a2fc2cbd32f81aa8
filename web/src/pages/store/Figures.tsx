// What a store sold, in each of its currencies by itself: amounts are never converted.
import { Box, Text } from "@saleor/macaw-ui";

import { change } from "../../format/money";
import { useSay, useWords } from "../../messages";
import { Amount } from "../../parts/Amount";
import { Chart } from "../../parts/Chart";
import { Section } from "../../parts/Page";
import type { StoreShown } from "./documents";

type FigureProps = { label: string; amount: string; before?: string; currency: string };

function Figure({ label, amount, before, currency }: FigureProps) {
  const { say, locale } = useWords();
  const grown = before === undefined ? null : change(amount, before, locale);
  return (
    <div className="figure">
      <Text as="p" size={2} className="quiet">
        {label}
      </Text>
      <Text as="p" size={6} fontWeight="medium">
        <Amount of={{ amount, currency }} />
      </Text>
      {grown !== null && (
        <Text as="p" size={2} className="quiet">
          {say("figures.change", { change: grown })}
        </Text>
      )}
    </div>
  );
}

export function Figures({ store }: { store: StoreShown }) {
  const say = useSay();
  return (
    <Section title={say("figures.title")} note={say("figures.note")}>
      {store.revenue.length === 0 && (
        <Text as="p" size={3}>
          {say("figures.none")}
        </Text>
      )}
      <Box display="flex" flexDirection="column" gap={8}>
        {store.revenue.map((sums) => (
          <div key={sums.currency}>
            <div className="figures">
              <Figure
                label={say("figures.days", { days: 7 })}
                amount={sums.last7Days}
                before={sums.previous7Days}
                currency={sums.currency}
              />
              <Figure
                label={say("figures.days", { days: 30 })}
                amount={sums.last30Days}
                before={sums.previous30Days}
                currency={sums.currency}
              />
              <Figure
                label={say("figures.lifetime")}
                amount={sums.lifetime}
                currency={sums.currency}
              />
            </div>
            <Chart rows={store.chart} currency={sums.currency} />
          </div>
        ))}
      </Box>
    </Section>
  );
}
