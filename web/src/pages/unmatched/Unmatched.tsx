// Listings without a product in the shop.
export default function Unmatched() {
  return null;
}
