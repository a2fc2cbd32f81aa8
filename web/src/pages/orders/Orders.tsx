// All Amazon orders.
export default function Orders() {
  return null;
}
