// Connects a seller account.
export default function NewStore() {
  return null;
}
