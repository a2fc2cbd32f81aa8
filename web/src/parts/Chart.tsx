// Sales day by day as bars; whoever cannot see them hears the days that sold.
import { day as dayName } from "../format/dates";
import { money } from "../format/money";
import { useSay, useWords } from "../messages";

export type DayRevenue = { day: string; currency: string; amount: string; orders: number };
type Props = { rows: readonly DayRevenue[]; currency: string; days?: number; isSmall?: boolean };

const WIDTH = 600;
const DAY_MS = 86_400_000;

/** The last days up to today, in UTC as the figures are; days without sales are empty. */
function lastDays(days: number): string[] {
  const today = Date.now();
  return Array.from({ length: days }, (_, back) =>
    new Date(today - (days - 1 - back) * DAY_MS).toISOString().slice(0, 10),
  );
}

export function Chart({ rows, currency, days = 30, isSmall = false }: Props) {
  const { locale } = useWords();
  const say = useSay();
  const height = isSmall ? 40 : 160;
  const sold = new Map(rows.filter((row) => row.currency === currency).map((row) => [row.day, row]));
  const highest = Math.max(...[...sold.values()].map((row) => Number(row.amount)), 0);
  const top = [...sold.values()].find((row) => Number(row.amount) === highest);
  const step = WIDTH / days;
  const shown = lastDays(days);
  return (
    <figure className="chart">
      <svg
        viewBox={`0 0 ${WIDTH} ${height}`}
        preserveAspectRatio="none"
        height={height}
        role="img"
        aria-label={say("chart.label", { days, currency })}
      >
        <line x1="0" x2={WIDTH} y1={height - 0.5} y2={height - 0.5} className="axis" />
        {shown.map((each, index) => {
          const row = sold.get(each);
          const tall = row && highest > 0 ? (Number(row.amount) / highest) * (height - 4) : 0;
          return (
            <rect
              key={each}
              x={index * step + 1}
              width={step - 2}
              y={height - tall}
              height={tall}
              className="bar"
            >
              {row && <title>{words(row, locale)}</title>}
            </rect>
          );
        })}
      </svg>
      {isSmall ? (
        <figcaption>{say("chart.label", { days, currency })}</figcaption>
      ) : (
        <figcaption>
          <span>{dayName(shown[0] ?? "", locale)}</span>
          {top && highest > 0 && (
            <span>
              {say("chart.most")}: {words(top, locale)}
            </span>
          )}
          <span>{dayName(shown[days - 1] ?? "", locale)}</span>
        </figcaption>
      )}
      <ul className="unseen">
        {[...sold.values()].map((row) => (
          <li key={row.day}>{words(row, locale)}</li>
        ))}
      </ul>
    </figure>
  );
}

const words = (row: DayRevenue, locale: string): string =>
  `${dayName(row.day, locale)}: ${money(row, locale)}`;
