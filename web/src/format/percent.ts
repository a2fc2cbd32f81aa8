// Rates as people write them (`19`, `5.5`) and as they are kept (`0.19`, `0.055`): the point moves
// two places, and no digit is ever computed.
const NUMBER = /^(\d*)(?:[.,](\d*))?$/;

function moved(text: string, places: number): string {
  const found = NUMBER.exec(text.trim());
  if (!found) return text;
  const [, whole = "", part = ""] = found;
  const digits = whole + part;
  const point = whole.length + places;
  const before = digits.slice(0, Math.max(point, 0)).padEnd(point, "0").replace(/^0+(?=\d)/, "");
  const after = "0".repeat(Math.max(-point, 0)) + digits.slice(Math.max(point, 0));
  const end = after.replace(/0+$/, "");
  return (before || "0") + (end ? `.${end}` : "");
}

export const percentOf = (rate: string): string => moved(rate, 2);
export const rateOf = (percent: string): string => moved(percent, -2);
export const isPercent = (text: string): boolean =>
  NUMBER.test(text.trim()) && /\d/.test(text) && Number(text.replace(",", ".")) < 100;
