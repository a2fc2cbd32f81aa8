// Amounts are shown, never computed: they come as decimal strings and stay exact.
export type Amount = { amount: string; currency: string };

export function money({ amount, currency }: Amount, locale: string): string {
  try {
    const format = new Intl.NumberFormat(locale, { style: "currency", currency });
    return format.format(amount as `${number}`);
  } catch {
    return `${amount} ${currency}`;
  }
}

/** By how much a sum grew or shrank, `+12 %`; nothing to compare with gives null. */
export function change(now: string, before: string, locale: string): string | null {
  const base = Number(before);
  if (!base) return null;
  return new Intl.NumberFormat(locale, {
    style: "percent",
    signDisplay: "exceptZero",
    maximumFractionDigits: 0,
  }).format(Number(now) / base - 1);
}
