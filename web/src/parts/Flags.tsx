// The countries of a store's marketplaces: the code, and the flag where the system has one.
const REGIONAL_A = 0x1f1e6;
// Windows draws a flag as the two letters of its country.
const HAS_FLAGS = !navigator.userAgent.includes("Windows");

function flag(countryCode: string): string {
  return [...countryCode]
    .map((letter) => String.fromCodePoint(REGIONAL_A + letter.charCodeAt(0) - 65))
    .join("");
}

type Marketplace = { id: string; countryCode: string; name: string };

export function Flags({ of }: { of: readonly Marketplace[] }) {
  return (
    <ul className="flags">
      {of.map(({ id, countryCode, name }) => (
        <li key={id} title={name}>
          {HAS_FLAGS && /^[A-Z]{2}$/.test(countryCode) && (
            <span aria-hidden="true">{flag(countryCode)} </span>
          )}
          {countryCode || name}
        </li>
      ))}
    </ul>
  );
}
