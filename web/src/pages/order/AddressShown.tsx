// Where an order goes, to be read; Amazon's own address below it where staff corrected it.
import { Text } from "@saleor/macaw-ui";

import { useWords } from "../../messages";
import { Section } from "../../parts/Page";
import type { Address, OrderShipping } from "./documents";
import { country } from "../../format/words";

export function AddressShown({ order }: { order: OrderShipping }) {
  const { say } = useWords();
  const { address } = order;
  return (
    <Section title={say("address")} note={address ? undefined : say("address.none")}>
      {address && <Lines of={address} />}
      <Amazons order={order} />
    </Section>
  );
}

/** Amazon's address, where it is not the one the order goes to. */
export function Amazons({ order }: { order: OrderShipping }) {
  const { say } = useWords();
  const { address, amazonAddress } = order;
  if (!amazonAddress || !address || lines(address).join() === lines(amazonAddress).join()) {
    return null;
  }
  return (
    <div className="amazons">
      <Text as="p" size={2} className="quiet">
        {say("address.amazons")}
      </Text>
      <Lines of={amazonAddress} />
    </div>
  );
}

function Lines({ of }: { of: Address }) {
  const { locale } = useWords();
  return (
    <address className="address">
      {lines(of).map((line, at) => (
        <div key={at}>{line}</div>
      ))}
      {of.countryCode && <div>{country(of.countryCode, locale)}</div>}
      {of.phone && <div>{of.phone}</div>}
    </address>
  );
}

const lines = (of: Address): string[] =>
  [
    of.name,
    of.company,
    of.line1,
    of.line2,
    [of.postalCode, of.city].filter(Boolean).join(" "),
    of.state,
  ].filter((line): line is string => Boolean(line));
