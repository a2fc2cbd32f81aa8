// The pages of Seller Central that go with a store.
import { type Key, useSay } from "../../messages";
import { OutLink } from "../../parts/Link";

// Pages that are not named here keep Amazon's key: better than a link that is left out.
const NAMES: Record<string, Key> = {
  HOME: "sellerCentral.HOME",
  ORDERS: "sellerCentral.ORDERS",
  RETURNS: "sellerCentral.RETURNS",
  PAYMENTS: "sellerCentral.PAYMENTS",
  INVENTORY: "sellerCentral.INVENTORY",
  PERFORMANCE: "sellerCentral.PERFORMANCE",
  APPS: "sellerCentral.APPS",
};

export function SellerCentral({ links }: { links: readonly { key: string; url: string }[] }) {
  const say = useSay();
  return (
    <ul className="links">
      {links.map(({ key, url }) => {
        const name = NAMES[key];
        return (
          <li key={key}>
            <OutLink to={url}>{name ? say(name) : key}</OutLink>
          </li>
        );
      })}
    </ul>
  );
}
