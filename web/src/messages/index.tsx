// Every word on the pages, in the dashboard's language; English where we have no other.
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";

import en from "./en.json";

type Base<K> = K extends `${infer Whole}_${"one" | "other"}` ? Whole : K;
export type Key = Base<keyof typeof en>;
type Catalogue = Record<string, string>;
type Values = Record<string, string | number>;
/** `{name}` in a message is replaced; with a `count` the form `key_one` or `key_other` is taken. */
export type Say = (key: Key, values?: Values) => string;
type Words = { say: Say; locale: string };

const LOADED: Record<string, () => Promise<{ default: Catalogue }>> = {
  fr: () => import("./fr.json"),
  it: () => import("./it.json"),
  nl: () => import("./nl.json"),
};

function sayIn(catalogue: Catalogue, locale: string): Say {
  const numbers = new Intl.NumberFormat(locale);
  const plural = new Intl.PluralRules(locale);
  return (key, values = {}) => {
    const count = values.count;
    const form = typeof count === "number" && plural.select(count) === "one" ? "one" : "other";
    const found = catalogue[`${key}_${form}`] ?? catalogue[key] ?? (en as Catalogue)[key] ?? key;
    return found.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      return typeof value === "number" ? numbers.format(value) : (value ?? whole);
    });
  };
}

const MessagesContext = createContext<Words>({ say: sayIn(en, "en"), locale: "en" });

/** A locale that Intl knows; a dashboard may name one that it does not. */
function known(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? "en";
  } catch {
    return "en";
  }
}

export function MessagesProvider({ locale, children }: { locale: string; children: ReactNode }) {
  const [catalogue, setCatalogue] = useState<{ of: string; messages: Catalogue } | null>(null);
  const language = known(locale).split("-")[0] ?? "en";
  const load = LOADED[language];
  useEffect(() => {
    let wanted = true;
    document.documentElement.lang = load ? language : "en";
    void load?.().then((loaded) => {
      if (wanted) setCatalogue({ of: language, messages: loaded.default });
    });
    return () => {
      wanted = false;
    };
  }, [language, load]);
  const words = useMemo<Words>(() => {
    const messages = catalogue?.of === language ? catalogue.messages : en;
    // Plural forms belong to the messages' language, digits and dates to the user's locale.
    return { say: sayIn(messages, load ? known(locale) : "en"), locale: known(locale) };
  }, [catalogue, language, load, locale]);
  if (load && catalogue === null) return null;
  return <MessagesContext.Provider value={words}>{children}</MessagesContext.Provider>;
}

export const useWords = (): Words => useContext(MessagesContext);
export const useSay = (): Say => useWords().say;
