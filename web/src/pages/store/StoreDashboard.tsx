// One store: what it sold, what is held, and where to go.
export default function StoreDashboard() {
  return null;
}
