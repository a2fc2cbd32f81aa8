// The connected stores, a card each.
export default function Stores() {
  return null;
}
