// An amount of money as the user's locale writes it.
import { money, type Amount as Value } from "../format/money";
import { useWords } from "../messages";

export function Amount({ of }: { of: Value | null }) {
  const { locale } = useWords();
  return <span className="amount">{of ? money(of, locale) : "–"}</span>;
}
