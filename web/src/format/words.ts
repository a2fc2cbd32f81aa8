// Amazon's own words, as people read them.
import type { Key, Say } from "../messages";

/** `AMAZON_BUSINESS` as `Amazon business`. */
export function asWords(word: string): string {
  const lower = word.replaceAll("_", " ").toLowerCase();
  return lower.charAt(0).toUpperCase() + lower.slice(1);
}

/** A message by a key that Amazon chose; Amazon's own word where we have none. */
export function sayOr(say: Say, key: string, word: string): string {
  const said = say(key as Key);
  return said === key ? asWords(word) : said;
}

export function country(code: string, locale: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}
