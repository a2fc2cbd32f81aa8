// A moment, with the marketplace's own time for whoever points at it or reaches it by keyboard.
import { dateTime, relative, zonedDateTime } from "../format/dates";
import { useWords } from "../messages";

type Props = { at: string | null; timeZone?: string; asRelative?: boolean };

export function When({ at, timeZone, asRelative = false }: Props) {
  const { locale } = useWords();
  if (at === null) return <>–</>;
  const own = dateTime(at, locale);
  const there = timeZone ? zonedDateTime(at, locale, timeZone) : own;
  return (
    <time dateTime={at} title={there}>
      {asRelative ? relative(at, locale) : own}
    </time>
  );
}
