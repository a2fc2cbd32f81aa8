// What the merchant chooses for a store.
export default function Settings() {
  return null;
}
