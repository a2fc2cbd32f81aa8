// One Amazon order and its tabs.
export default function Order() {
  return null;
}
