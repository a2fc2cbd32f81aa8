// What the dashboard shows beside an order that came from Amazon.
export default function OrderWidget() {
  return null;
}
