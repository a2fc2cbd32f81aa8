// Communication errors, and what was sent to Amazon.
export default function Logs() {
  return null;
}
