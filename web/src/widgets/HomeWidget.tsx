// What the dashboard's home page shows of the Amazon stores.
export default function HomeWidget() {
  return null;
}
