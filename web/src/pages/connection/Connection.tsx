// How a store is connected to Amazon, and connecting it again.
export default function Connection() {
  return null;
}
